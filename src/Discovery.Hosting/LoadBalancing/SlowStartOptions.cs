namespace Discovery.Hosting.LoadBalancing;

/// <summary>
/// Section <c>Discovery:Client:SlowStart</c> (for one service <c>Discovery:Client:Services:{name}:SlowStart</c>): how an instance that joins a
/// running service, or comes back, is brought to its full share. Its weight is multiplied by max(<see cref="MinimumWeightPercent"/>,
/// (t / <see cref="Window"/>)^(1 / <see cref="Aggression"/>)), t being the time since (Envoy's slow start mode). Reloads live.
/// </summary>
public sealed class SlowStartOptions
{
    /// <summary>How long it takes, 0 (no slow start) to 1 h. The default is 30 s (the shortest that AWS's Application Load Balancer offers; Envoy leaves it off).</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of its weight it begins with, 1 to 100. The default is 10 (Envoy's <c>min_weight_percent</c>).</summary>
    public int MinimumWeightPercent { get; set; } = 10;

    /// <summary>The shape of the ramp, 0.1 to 10: straight at 1, steep at first above it. The default is 1 (Envoy's <c>aggression</c>).</summary>
    public double Aggression { get; set; } = 1;

    internal SlowStartOptions Copy() => (SlowStartOptions)MemberwiseClone();
}
