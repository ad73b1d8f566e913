using System.Text;
using System.Text.Json;
using Discovery.Local.Leases;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Local.Tests.Leases;

public sealed class LeaseFormatTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly string Name = LeaseFileName.Of("orders", "orders-1");

    [Fact]
    public void Encode_Instance_WritesTheMembersOtherRegistriesHaveAndTheLeasesOwn()
    {
        var instance = LocalFolder.Instance(version: "1.2") with { Tags = ["t"], Health = HealthStatus.Degraded, Incarnation = 9 };

        using var file = JsonDocument.Parse(LeaseFormat.Encode(instance, Ttl, counter: 3));

        var root = file.RootElement;
        Assert.Equal(
            ["counter", "incarnation", "ttl", "pid", "id", "name", "version", "endpoints", "zone", "weight", "tags", "metadata", "health"],
            root.EnumerateObject().Select(member => member.Name));
        Assert.Equal(3, root.GetProperty("counter").GetInt64());
        Assert.Equal("00:00:15", root.GetProperty("ttl").GetString());
        Assert.Equal("degraded", root.GetProperty("health").GetString());
        Assert.Equal("http://10.0.0.1:8080", root.GetProperty("endpoints")[0].GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(41)]
    [InlineData(long.MaxValue)]
    public void EncodeCounter_WrittenOverAnother_ChangesNothingElse(long counter)
    {
        var instance = LocalFolder.Instance() with { Incarnation = 9 };
        var file = LeaseFormat.Encode(instance, Ttl, counter: 7);

        LeaseFormat.EncodeCounter(counter).CopyTo(file, LeaseFormat.CounterOffset);

        var lease = LeaseFormat.TryDecode(file, Name, out _);
        Assert.Equal(new Lease(instance, Ttl, counter), lease);
    }

    [Fact]
    public void Encode_MoreThanAFileMayHold_IsInvalid()
    {
        var instance = LocalFolder.Instance() with { Metadata = new Dictionary<string, string> { ["k"] = new('x', LeaseFormat.MaxLength) } };

        var failure = Assert.Throws<RegistryException>(() => LeaseFormat.Encode(instance, Ttl, 1));

        Assert.Equal(RegistryErrorKind.Invalid, failure.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":[]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":["/etc/passwd","x",null]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":null}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-2","name":"orders","endpoints":["http://a"]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"Orders","endpoints":["http://a"]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:00","id":"orders-1","name":"orders","endpoints":["http://a"]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"99.00:00","id":"orders-1","name":"orders","endpoints":["http://a"]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":["http://a"],"tags":[null]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":["http://a"],"metadata":{"a":null}}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":["http://a"],"health":"fine"}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"\ud800","name":"orders","endpoints":["http://a"]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":["http://a"],"tags":["\ud800"]}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":["http://a"],"metadata":{"\ud800":""}}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":["http://a"],"health":"\ud800"}""")]
    [InlineData("""{"counter":1,"incarnation":1,"ttl":"\ud800","id":"orders-1","name":"orders","endpoints":["http://a"]}""")]
    public void TryDecode_NoLease_SaysWhy(string file)
    {
        Assert.Null(LeaseFormat.TryDecode(Encoding.UTF8.GetBytes(file), Name, out var reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void TryDecode_OnlyWhatMustBe_FillsInTheRest()
    {
        var file = """{"incarnation":1,"ttl":"00:00:15","id":"orders-1","name":"orders","endpoints":["nonsense","http://10.0.0.1:8080"],"later":{}}"""u8;

        var lease = LeaseFormat.TryDecode(file, Name, out _);

        Assert.Equal(LocalFolder.Instance() with { Incarnation = 1 }, lease?.Instance);
    }

    [Theory]
    [InlineData("orders-1")]
    [InlineData("http://10.0.0.1:8080")]
    [InlineData("label")]
    [InlineData("value")]
    [InlineData("blue")]
    [InlineData("healthy")]
    public void TryDecode_BytesThatAreNoText_AreNoLease(string where)
    {
        var instance = LocalFolder.Instance() with { Incarnation = 9, Tags = ["blue"], Metadata = new Dictionary<string, string> { ["label"] = "value" } };
        var file = LeaseFormat.Encode(instance, Ttl, counter: 7);
        file[file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(where))] = 0xFF;

        Assert.Null(LeaseFormat.TryDecode(file, Name, out var reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void TryDecode_AnyPrefixOfALease_IsNoLease()
    {
        var file = LeaseFormat.Encode(LocalFolder.Instance() with { Incarnation = 9 }, Ttl, counter: 7);

        Assert.All(Enumerable.Range(0, file.Length - 1), length => Assert.Null(LeaseFormat.TryDecode(file.AsSpan(0, length), Name, out _)));
    }

    [Fact]
    public void Validate_MoreThanReadersBelieve_IsInvalid()
    {
        var instance = LocalFolder.Instance() with { Tags = [.. Enumerable.Repeat("t", InstanceLimits.MaxTags + 1)] };

        var failure = Assert.Throws<RegistryException>(() => LeaseFormat.Validate(instance, Ttl));

        Assert.Contains("257 tags", failure.Message, StringComparison.Ordinal);
        Assert.Null(LeaseFormat.TryDecode(LeaseFormat.Encode(instance, Ttl, counter: 1), Name, out var reason));
        Assert.Contains("257 tags", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no service", "orders-1")]
    [InlineData("orders", "no/id")]
    public void Validate_NameNotAllowed_IsInvalid(string service, string id)
    {
        var failure = Assert.Throws<RegistryException>(() => LeaseFormat.Validate(LocalFolder.Instance(service, id), Ttl));

        Assert.Equal(RegistryErrorKind.Invalid, failure.Kind);
    }
}
