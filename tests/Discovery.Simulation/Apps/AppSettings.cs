using System.Globalization;

namespace Discovery.Simulation.Apps;

/// <summary>How an app is configured.</summary>
internal sealed record AppSettings
{
    public required string InstanceId { get; init; }

    public required TimeSpan Ttl { get; init; }

    public required TimeSpan EmptyHold { get; init; }

    public required string Policy { get; init; }

    public bool Registers { get; init; } = true;

    /// <summary>How many registrations the app has besides its own: enough of them open the breaker.</summary>
    public int Further { get; init; }

    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The IDs that the app is to stand under, by service.</summary>
    public IEnumerable<(string Service, string Id)> Wanted => !Registers ? [] :
        [(World.Service, InstanceId), .. Enumerable.Range(1, Further).Select(i => ($"{World.Service}-{i}", Id(i)))];

    /// <summary>The section of a registration; 0 is the app's own.</summary>
    public static string Section(int registration) => registration == 0 ? "Discovery:Registration" : $"Discovery:Registrations:{registration}";

    private string Id(int registration) => registration == 0 ? InstanceId : $"{InstanceId}-{registration}";

    public IEnumerable<KeyValuePair<string, string?>> ToConfiguration(string host)
    {
        yield return new("Discovery:Provider", "Simulated");
        yield return new("Discovery:Client:CacheDirectory", "");
        yield return new("Discovery:Client:EmptyHold", EmptyHold.ToString("c", CultureInfo.InvariantCulture));
        yield return new("Discovery:Client:LoadBalancing", Policy);
        for (var i = 0; i <= Further; i++)
        {
            var section = Section(i);
            yield return new($"{section}:Enabled", Registers.ToString());
            yield return new($"{section}:ServiceName", i == 0 ? World.Service : $"{World.Service}-{i}");
            yield return new($"{section}:InstanceId", Id(i));
            yield return new($"{section}:Endpoints:0", SimulatedNetwork.EndpointOf(host).GetLeftPart(UriPartial.Authority));
            yield return new($"{section}:Ttl", Ttl.ToString("c", CultureInfo.InvariantCulture));
            yield return new($"{section}:DrainDelay", DrainDelay.ToString("c", CultureInfo.InvariantCulture));
        }
    }
}
