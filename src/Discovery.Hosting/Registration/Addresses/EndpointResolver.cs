namespace Discovery.Hosting.Registration.Addresses;

/// <summary>Turns what the server has bound, and what configuration says, into the endpoints that callers can reach.</summary>
internal sealed class EndpointResolver(AdvertisedAddress advertised)
{
    private const string Localhost = "localhost";
    private const string LoopbackAddress = "127.0.0.1";

    /// <param name="section">The configuration path of the registration, for messages.</param>
    /// <param name="options">The registration's settings, already validated.</param>
    /// <param name="bound">What the server reports; empty where there is no server.</param>
    /// <param name="registry">Where the registry is reached; empty when it lives on this machine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RegistrationRefusedException">There is no endpoint that callers of this registry could reach.</exception>
    public async ValueTask<IReadOnlyList<Uri>> ResolveAsync(
        string section,
        RegistrationOptions options,
        IReadOnlyCollection<string> bound,
        IReadOnlyList<Uri> registry,
        CancellationToken cancellationToken)
    {
        var endpoints = options.Endpoints.Count > 0
            ? [.. options.Endpoints.Select(endpoint => EndpointRules.Parse(endpoint)!)]
            : await FromBoundAsync(section, options, bound, registry, cancellationToken).ConfigureAwait(false);

        if (registry.Count > 0 && !registry.All(endpoint => EndpointRules.IsLoopback(endpoint.IdnHost)))
        {
            RefuseLoopback(section, endpoints, registry);
        }

        return endpoints;
    }

    private static void RefuseLoopback(string section, IReadOnlyList<Uri> endpoints, IReadOnlyList<Uri> registry)
    {
        if (endpoints.FirstOrDefault(endpoint => EndpointRules.IsLoopback(endpoint.IdnHost)) is { } loopback)
        {
            throw new RegistrationRefusedException(
                $"{loopback.GetLeftPart(UriPartial.Authority)} would be registered at {registry[0].GetLeftPart(UriPartial.Authority)}, where other machines read it, "
                + $"and to them it means themselves. Bind the server to an address they can reach (such as http://*:8080), or set {section}:Address or {section}:Endpoints.");
        }
    }

    private async ValueTask<IReadOnlyList<Uri>> FromBoundAsync(
        string section,
        RegistrationOptions options,
        IReadOnlyCollection<string> bound,
        IReadOnlyList<Uri> registry,
        CancellationToken cancellationToken)
    {
        var addresses = bound.Select(address => InScheme(address, options.Scheme)).Select(BoundAddress.Parse).OfType<BoundAddress>().ToList();
        if (addresses.Count == 0)
        {
            return FromSettingsAlone(section, options, bound);
        }

        if (options.Port is not null && addresses.Select(address => (address.Scheme, address.Port)).Distinct().Count() > 1)
        {
            throw new RegistrationRefusedException(
                $"{section}:Port is '{options.Port}', but the server listens on several endpoints ({string.Join(", ", bound)}) and one port cannot stand for them all. "
                + $"Set {section}:Endpoints instead.");
        }

        var endpoints = new List<Uri>();
        foreach (var address in addresses)
        {
            if (address.Port == 0 && options.Port is null)
            {
                throw new RegistrationRefusedException(
                    $"The server reports {address.Scheme}://{address.Host}:0, which is no port that callers could reach. Set {section}:Endpoints, or {section}:Port.");
            }

            var host = options.Address ?? await HostOfAsync(address, options, registry, cancellationToken).ConfigureAwait(false);
            var endpoint = EndpointRules.Create(address.Scheme, host, options.Port ?? address.Port);
            if (!endpoints.Contains(endpoint))
            {
                endpoints.Add(endpoint);
            }
        }

        return endpoints;
    }

    private static string InScheme(string address, string? scheme) => scheme switch
    {
        "grpc" => ServerAddresses.ForGrpc(address),
        "http" => ServerAddresses.ForHttp(address),
        _ => address,
    };

    private async ValueTask<string> HostOfAsync(
        BoundAddress address, RegistrationOptions options, IReadOnlyList<Uri> registry, CancellationToken cancellationToken)
    {
        if (address.IsWildcard)
        {
            return await advertised.ChooseAsync(options.PreferredNetworks, registry, address.IsIPv4Wildcard, cancellationToken).ConfigureAwait(false);
        }

        // "localhost" is the name that development certificates carry; without TLS the address spares callers its resolution.
        return string.Equals(address.Host, Localhost, StringComparison.OrdinalIgnoreCase) && address.Scheme is not ("https" or "grpcs")
            ? LoopbackAddress
            : address.Host;
    }

    private static IReadOnlyList<Uri> FromSettingsAlone(string section, RegistrationOptions options, IReadOnlyCollection<string> bound)
    {
        if (options is { Address: { } address, Port: { } port })
        {
            return [EndpointRules.Create(options.Scheme ?? Uri.UriSchemeHttp, address, port)];
        }

        throw new RegistrationRefusedException(
            bound.Count > 0
                ? $"The server listens on {string.Join(", ", bound)} only, which callers elsewhere cannot reach. Bind a TCP port as well, or set {section}:Endpoints."
                : $"No server reports an address that could be registered. Set {section}:Endpoints, or {section}:Address together with {section}:Port.");
    }
}
