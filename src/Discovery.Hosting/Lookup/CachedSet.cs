namespace Discovery.Hosting.Lookup;

/// <summary>The file format of a remembered set.</summary>
/// <param name="Format">Grows when the format changes; others are ignored.</param>
/// <param name="Registry">Which registry said it.</param>
/// <param name="Service">Which service it is about.</param>
/// <param name="ConfirmedAt">When the registry last stood by it.</param>
/// <param name="Instances">The set.</param>
internal sealed record CachedSet(int Format, string Registry, string Service, DateTimeOffset ConfirmedAt, IReadOnlyList<CachedInstance> Instances)
{
    public const int CurrentFormat = 1;

    public static CachedSet From(RememberedSet set) =>
        new(CurrentFormat, set.Registry, set.ServiceName, set.ConfirmedAt, [.. set.Instances.Select(CachedInstance.From)]);
}
