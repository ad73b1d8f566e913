using System.Net;
using System.Net.Sockets;
using Discovery.Hosting.Configuration;
using DnsClient;
using DnsClient.Protocol;

namespace Discovery.Hosting.Lookup;

/// <summary>Instances as the domain name system lists them: SRV records, else addresses.</summary>
internal sealed class DnsSource(ReloadableOptions<ClientOptions> options)
{
    /// <summary>The metadata key that says which host name an instance's address was resolved from. Of what registries announce it says nothing: anybody may write it there.</summary>
    private const string HostMetadata = "dns.host";

    // An answer over UDP holds some twenty records; what comes over TCP is bounded here, each SRV target being another query.
    private const int MaxTargets = 64;
    private const int MaxInstances = 256;
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MinTimeToLive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxTimeToLive = TimeSpan.FromMinutes(5);

    /// <exception cref="DnsResponseException">No server answered.</exception>
    /// <exception cref="DnsResponseParseException">What it answered is none.</exception>
    /// <exception cref="DnsXidMismatchException">What came answers another question.</exception>
    /// <exception cref="ArgumentException">What is asked for is longer than a name may be.</exception>
    public async Task<DnsAnswer> ResolveAsync(string serviceName, CancellationToken cancellationToken)
    {
        var dns = options.Current.Dns;
        var client = CreateClient(dns);
        var host = string.IsNullOrEmpty(dns.Suffix) ? serviceName : $"{serviceName}.{dns.Suffix}";
        var query = string.IsNullOrEmpty(dns.SrvPrefix) ? host : $"{dns.SrvPrefix}.{host}";
        var services = await client.QueryAsync(query, QueryType.SRV, cancellationToken: cancellationToken).ConfigureAwait(false);
        var records = services.Answers.SrvRecords().OrderBy(record => record.Priority).Take(MaxTargets).ToList();

        // Targets of a lower priority are for when those before them are gone; they are looked at again when the answer runs out.
        // What nobody can connect to is none of them. The root says that there is none (RFC 2782).
        var targets = records.Where(record => record.Priority == records[0].Priority)
            .Select(record => (Host: record.Target.Value.TrimEnd('.'), Port: (int?)record.Port, record.Weight))
            .Where(target => target.Port > 0 && Uri.CheckHostName(target.Host) is UriHostNameType.Dns).ToList();
        if (records.Count == 0)
        {
            targets.Add((host, dns.Port, ServiceInstance.DefaultWeight));
        }

        var instances = new List<ServiceInstance>();
        var timeToLive = records.Count == 0 ? MaxTimeToLive : TimeSpan.FromSeconds(records.Min(record => record.InitialTimeToLive));
        foreach (var target in targets)
        {
            var known = services.Additionals.AddressRecords()
                .Where(record => record.DomainName.Value.TrimEnd('.').Equals(target.Host, StringComparison.OrdinalIgnoreCase)).ToList();
            var addresses = known.Count > 0 ? known : await AddressesAsync(client, target.Host, cancellationToken).ConfigureAwait(false);
            foreach (var address in addresses)
            {
                timeToLive = TimeSpan.FromTicks(Math.Min(timeToLive.Ticks, TimeSpan.FromSeconds(address.InitialTimeToLive).Ticks));
                instances.Add(Create(serviceName, dns.Scheme, address.Address, target.Host, target.Port, target.Weight));
            }
        }

        return new([.. instances.DistinctBy(instance => instance.Id).Take(MaxInstances)], Clamp(instances.Count == 0 ? MinTimeToLive : timeToLive));
    }

    /// <summary>The host name that the address of an instance found here was resolved from.</summary>
    public static string? HostOf(ServiceInstance instance) => instance.Metadata.GetValueOrDefault(HostMetadata);

    private static LookupClient CreateClient(DnsOptions dns)
    {
        var settings = dns.Servers.Count == 0
            ? new LookupClientOptions()
            : new LookupClientOptions([.. dns.Servers.Select(server => new NameServer(WithPort(IPEndPoint.Parse(server))))]);

        // Answers are kept by whoever asks, as long as they say; trying again is the caller's as well.
        settings.UseCache = false;
        settings.Timeout = QueryTimeout;
        settings.Retries = 1;
        settings.ThrowDnsErrors = false;
        return new(settings);
    }

    private static IPEndPoint WithPort(IPEndPoint server) => server.Port == 0 ? new(server.Address, NameServer.DefaultPort) : server;

    private static async Task<List<AddressRecord>> AddressesAsync(LookupClient client, string host, CancellationToken cancellationToken)
    {
        var v4 = client.QueryAsync(host, QueryType.A, cancellationToken: cancellationToken);
        var v6 = client.QueryAsync(host, QueryType.AAAA, cancellationToken: cancellationToken);
        var answers = await Task.WhenAll(v4, v6).ConfigureAwait(false);
        return [.. answers.SelectMany(answer => answer.Answers.AddressRecords())];
    }

    private static ServiceInstance Create(string serviceName, string scheme, IPAddress address, string host, int? port, int weight)
    {
        var literal = address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        var endpoint = new UriBuilder(scheme, literal, port ?? -1).Uri;
        return new()
        {
            ServiceName = serviceName,
            Id = endpoint.Authority,
            Endpoints = [endpoint],
            Weight = Math.Clamp(weight, 1, 1000),
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [HostMetadata] = host },
        };
    }

    private static TimeSpan Clamp(TimeSpan timeToLive) =>
        timeToLive < MinTimeToLive ? MinTimeToLive : timeToLive > MaxTimeToLive ? MaxTimeToLive : timeToLive;
}
