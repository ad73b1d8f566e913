namespace Discovery.Hosting.Tests.Simulation;

/// <summary>A bug as somebody might write it: a text in the source that is replaced by another, and the invariants that notice.</summary>
/// <param name="Name">Its name. A bug that takes several such texts has an entry for each of them, and says what notices it in the first.</param>
/// <param name="File">The file under src.</param>
/// <param name="Original">What stands there exactly once.</param>
/// <param name="Planted">What stands there instead; <c>PLANTED</c> is true while the bug is active.</param>
/// <param name="NoticedBy">The names of the invariants that may be broken first.</param>
internal sealed record PlantedBug(string Name, string File, string Original, string Planted, params string[] NoticedBy)
{
    /// <summary>What of <see cref="AppContext"/> names the active bug: the simulation sets it.</summary>
    public const string Active = "Discovery.Simulation.Bug";

    /// <summary>The room that the file stands in: the project's name.</summary>
    public string Project => File[..File.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The only registry whose seeds can notice it, as the simulation names it; null where all can.</summary>
    public string? Registry => Project is "Discovery.Etcd" or "Discovery.Consul" ? Project["Discovery.".Length..] : null;

    /// <summary>The source with the bug in it.</summary>
    /// <exception cref="InvalidOperationException">The source is no longer what the bug was made for.</exception>
    public string Plant(string source)
    {
        var at = source.IndexOf(Original, StringComparison.Ordinal);
        return at >= 0 && source.IndexOf(Original, at + 1, StringComparison.Ordinal) < 0
            ? source.Replace(Original, Planted.Replace("PLANTED", $"global::{Project}.PlantedBug.Is(\"{Name}\")", StringComparison.Ordinal), StringComparison.Ordinal)
            : throw new InvalidOperationException($"'{Original}' does not stand exactly once in {File}: plant '{Name}' anew.");
    }
}
