namespace Discovery.Dashboard.Api;

/// <summary>A registry, see <see cref="RegistryStatus"/>.</summary>
internal sealed record RegistryView(string Registry, DateTimeOffset? LastAnswer, DateTimeOffset? FailingSince, string? LastError)
{
    private static readonly long Coarse = TimeSpan.FromSeconds(5).Ticks;

    /// <summary>By all but when exactly it last answered, which would be news all the time.</summary>
    public static IEqualityComparer<RegistryView> Likeness { get; } = EqualityComparer<RegistryView>.Create(
        (x, y) => x?.Coarsely() == y?.Coarsely(), view => view.Registry.GetHashCode(StringComparison.Ordinal));

    public static RegistryView Of(RegistryStatus status) => new(status.Registry, status.LastAnswer, status.FailingSince, status.LastError);

    private RegistryView Coarsely() => this with { LastAnswer = LastAnswer?.AddTicks(-(LastAnswer.Value.Ticks % Coarse)) };
}
