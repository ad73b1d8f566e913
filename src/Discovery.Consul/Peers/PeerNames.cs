namespace Discovery.Consul.Peers;

/// <summary>The names of peers, as settings spell them.</summary>
internal static class PeerNames
{
    public static string Allowed { get; } = string.Join(", ", Enum.GetValues<ConsulPeers>().Where(peer => peer != ConsulPeers.None));

    /// <returns>False where the name is nobody's.</returns>
    public static bool TryParse(string? name, out ConsulPeers peer)
    {
        peer = Enum.GetValues<ConsulPeers>().FirstOrDefault(peer => peer != ConsulPeers.None && peer.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));
        return peer != ConsulPeers.None;
    }

    /// <param name="names">Validated.</param>
    public static ConsulPeers Parse(IEnumerable<string> names) =>
        names.Aggregate(ConsulPeers.None, (all, name) => TryParse(name, out var peer) ? all | peer : throw new ArgumentException($"'{name}' is none of {Allowed}.", nameof(names)));
}
