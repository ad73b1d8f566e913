using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.Lookup;

internal static class Instances
{
    public static ServiceInstance Create(
        string id, string service = "orders", string? endpoint = null, HealthStatus health = HealthStatus.Healthy, int weight = 100, long incarnation = 0) => new()
    {
        ServiceName = service,
        Id = id,
        Endpoints = [new Uri(endpoint ?? $"http://{id}.test:8080")],
        Health = health,
        Weight = weight,
        Incarnation = incarnation,
    };

    /// <summary>Instances called <c>a0</c>, <c>a1</c> and so on.</summary>
    public static ServiceInstance[] Many(int count, string prefix = "a") =>
        [.. Enumerable.Range(0, count).Select(i => Create(prefix + i.ToString(CultureInfo.InvariantCulture)))];

    public static string[] Ids(this IEnumerable<ServiceInstance> instances) => [.. instances.Select(instance => instance.Id)];
}
