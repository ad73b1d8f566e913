namespace Discovery.Simulation.Network;

/// <summary>How likely single messages meet with misfortune, from 0 to 1.</summary>
/// <param name="Loss">The request or its reply is lost, with or without a word.</param>
/// <param name="Duplicate">The request arrives a second time, later, and its second reply goes nowhere.</param>
/// <param name="Delay">It takes up to <see cref="MaxDelay"/>; later requests overtake it.</param>
internal readonly record struct Weather(double Loss, double Duplicate, double Delay)
{
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(6);

    public static readonly TimeSpan MaxLatency = TimeSpan.FromMilliseconds(20);

    public bool IsFair => this == default;
}
