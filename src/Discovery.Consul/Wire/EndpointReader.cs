namespace Discovery.Consul.Wire;

/// <summary>Reads a service's endpoints, the preferred one first.</summary>
internal static class EndpointReader
{
    /// <summary>Whether endpoints of these tags, the first being the service's own address, are read back in this order without being told it.</summary>
    public static bool ReadsBackInOrder(List<TaggedAddress> written)
    {
        var read = written.ToList();
        Sort(read, written[0].Address);
        return read.SequenceEqual(written);
    }

    /// <param name="service">The service.</param>
    /// <param name="nodeAddress">The address of its node, which counts where the service has none.</param>
    /// <param name="scheme">What the service's own address is called by; null where it does not say.</param>
    /// <returns>The endpoints; empty where nothing usable is there.</returns>
    public static List<Uri> Read(CatalogService service, string nodeAddress, string? scheme)
    {
        var own = new ServiceAddress(service.Address is { Length: > 0 } address ? address : nodeAddress, service.Port);
        var tagged = ReadTagged(service.TaggedAddresses);
        if (service.Meta?.GetValueOrDefault(MetaKeys.EndpointOrder) is { } order)
        {
            var tags = order.Split(',');
            tagged.Sort((one, other) => Rank(one).CompareTo(Rank(other)));
            int Rank(TaggedAddress a) => Array.IndexOf(tags, a.Tag) is >= 0 and var rank ? rank : int.MaxValue;
        }
        else
        {
            Sort(tagged, own);
        }

        var endpoints = new List<Uri>(Math.Max(1, tagged.Count));
        foreach (var (_, tag, there) in tagged)
        {
            Add(endpoints, tag, there);
        }

        if (endpoints.Count == 0)
        {
            Add(endpoints, scheme ?? (IsSecure(service) ? "https" : "http"), own);
        }

        return endpoints;
    }

    private static List<TaggedAddress> ReadTagged(Dictionary<string, ServiceAddress>? addresses)
    {
        var tagged = new List<TaggedAddress>();
        foreach (var (tag, address) in addresses ?? [])
        {
            if (EndpointTag.TryParse(tag, out var scheme, out _))
            {
                tagged.Add(new TaggedAddress(tag, scheme, address with { Address = HostOf(address.Address ?? "") }));
            }
        }

        return tagged;
    }

    private static void Sort(List<TaggedAddress> tagged, ServiceAddress preferred)
    {
        tagged.Sort((one, other) =>
        {
            var byPreference = (other.Address == preferred).CompareTo(one.Address == preferred);
            var byScheme = byPreference != 0 ? byPreference : string.CompareOrdinal(one.Scheme, other.Scheme);
            return byScheme != 0 ? byScheme : Ordinal(one).CompareTo(Ordinal(other));
        });

        static int Ordinal(TaggedAddress address) => EndpointTag.TryParse(address.Tag, out _, out var ordinal) ? ordinal : 0;
    }

    private static void Add(List<Uri> endpoints, string scheme, ServiceAddress address)
    {
        var host = HostOf(address.Address ?? "");
        var kind = Uri.CheckHostName(host);
        if (kind == UriHostNameType.Unknown || address.Port is <= 0 or > 65535)
        {
            return;
        }

        var authority = kind == UriHostNameType.IPv6 ? $"[{host}]" : host;
        if (Uri.TryCreate($"{scheme}://{authority}:{address.Port}", UriKind.Absolute, out var endpoint) && EndpointUri.IsUsable(endpoint))
        {
            endpoints.Add(endpoint);
        }
    }

    // Some write a whole URI into the address (kratos: "grpc://10.0.0.1:9000"); what counts is its host.
    private static string HostOf(string address) =>
        !address.Contains("://", StringComparison.Ordinal) ? address
        : Uri.TryCreate(address, UriKind.Absolute, out var whole) ? EndpointUri.HostOf(whole) ?? ""
        : address;

    // Spring Cloud's way of saying https.
    private static bool IsSecure(CatalogService service) =>
        service.Meta?.GetValueOrDefault("secure") is { } secure && bool.TryParse(secure, out var isSecure) && isSecure;
}
