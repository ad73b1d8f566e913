using System.Text;
using System.Text.Json;
using Discovery.Consul.Client;
using Discovery.Consul.Leases;
using Discovery.Consul.Wire;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests.Client;

public sealed class CheckRequestsTests
{
    [Theory]
    [InlineData("orders-1", "service:orders-1")]
    [InlineData("orders:10.0.0.1:80", "service:orders:10.0.0.1:80")]
    [InlineData("a b/c?d#e%3Af", "service:a%20b%2Fc%3Fd%23e%253Af")]
    public void For_AnId_IsAPathOfNoMoreBytesThanItNeeds(string id, string segment)
    {
        var request = new CheckRequests(Registration(id)).For(HealthStatus.Healthy, note: null);

        Assert.Equal($"/v1/agent/check/pass/{segment}", request.Path);
        Assert.Equal(request.Path, new Uri(new Uri("http://127.0.0.1:8500"), request.Path).PathAndQuery);
        Assert.Null(request.Json);
    }

    [Fact]
    public void For_ANote_IsCutWhereTheAgentWouldCutIt()
    {
        var request = new CheckRequests(Registration("orders-1")).For(HealthStatus.Degraded, new string('x', 5_000));

        var json = Encoding.UTF8.GetString(request.Json!);
        Assert.Equal("/v1/agent/check/update/service:orders-1", request.Path);
        Assert.Contains("\"warning\"", json, StringComparison.Ordinal);
        Assert.InRange(json.Length, 1_000, 4_200);
    }

    [Fact]
    public void For_ANoteThatIsCutWithinACharacter_IsSentAllTheSame()
    {
        var note = new string('x', 1_023) + string.Concat(Enumerable.Repeat("\ud83d\ude00", 1_000));

        var request = new CheckRequests(Registration("orders-1")).For(HealthStatus.Degraded, note);

        Assert.StartsWith(new string('x', 1_023), JsonDocument.Parse(request.Json!).RootElement.GetProperty("Output").GetString(), StringComparison.Ordinal);
    }

    private static ServiceRegistration Registration(string id) => new()
    {
        ID = id,
        Name = "orders",
        Address = "10.0.0.1",
        Port = 80,
        TaggedAddresses = [],
        Tags = [],
        Meta = [],
        Weights = new ServiceWeights(1, 1),
        Check = new ServiceCheck { CheckID = CheckWriter.CheckId(id), Name = "check", Status = "passing", TTL = "15000ms" },
    };
}
