using System.Text.Json;
using System.Text.Json.Nodes;
using Discovery.Consul.Watching;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Consul.Tests.Watching;

public sealed class ServiceEntriesTests
{
    private readonly SkippedEntries _skipped = new(NullLogger.Instance);
    private readonly ServiceEntries _entries;

    public ServiceEntriesTests() => _entries = new ServiceEntries("orders", _skipped);

    [Fact]
    public void Apply_First_IsComplete()
    {
        var change = _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a"), HealthAnswer.Entry("b", status: "warning")));

        Assert.True(change.IsComplete);
        Assert.Equal(["a", "b"], change.Upserts.Select(i => i.Id));
        Assert.Equal([HealthStatus.Healthy, HealthStatus.Degraded], change.Upserts.Select(i => i.Health));
        Assert.Equal(new Uri("http://10.0.0.1:80"), Assert.Single(change.Upserts[0].Endpoints));
        Assert.Equal(8, change.Upserts[0].Incarnation);
    }

    // .NET reads a URI of such a host, and throws where it is asked for its name in DNS: as whoever calls the instance would be.
    [Theory]
    [InlineData("ü-")]
    [InlineData("grpc://ü-:9000")]
    public void Apply_AnAddressThatHasNoNameInDns_LeavesTheInstanceOut(string address)
    {
        var change = _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a", address: address), HealthAnswer.Entry("b")));

        Assert.Equal(["b"], change.Upserts.Select(i => i.Id));
        Assert.Equal(1, _skipped.Count);
    }

    [Theory]
    [InlineData("Tags", InstanceLimits.MaxTags)]
    [InlineData("Meta", InstanceLimits.MaxMetadata)]
    [InlineData("TaggedAddresses", InstanceLimits.MaxEndpoints)]
    public void Apply_EntryThatSaysMoreThanAllowed_IsSkippedAndCounted(string member, int allowed)
    {
        var change = _entries.Apply(HealthAnswer.List(WithMany(member, allowed, "most"), WithMany(member, allowed + 1, "more"), HealthAnswer.Entry("plain")));

        Assert.Equal(["most", "plain"], change.Upserts.Select(i => i.Id));
        Assert.Equal(1, _skipped.Count);
    }

    // Those of a mesh and of networks are no endpoints, and honest registrations have them too.
    [Fact]
    public void Apply_AddressesThatAreNoEndpoints_DoNotCount()
    {
        var entry = WithMany("TaggedAddresses", InstanceLimits.MaxEndpoints, "a");
        entry["Service"]!["TaggedAddresses"]!["lan_ipv4"] = new JsonObject { ["Address"] = "10.0.0.1", ["Port"] = 80 };

        Assert.Equal(InstanceLimits.MaxEndpoints, Assert.Single(_entries.Apply(HealthAnswer.List(entry)).Upserts).Endpoints.Count);
    }

    // The last one counts, as everywhere in .NET: nobody is to be shown one address where another is called.
    [Fact]
    public void Apply_DuplicateKeys_TheLastOnesCountForAll()
    {
        var change = _entries.Apply("""
            [{"Node":{"Node":"n","Node":"m","Address":"10.0.0.1"},"Service":{"ID":"x","Port":1},
              "Service":{"ID":"x","ID":"y","Port":80,"Port":81,"Address":"10.0.0.2","Address":"10.0.0.3","Meta":{"k":"1","k":"2"}}}]
            """u8);

        var instance = Assert.Single(change.Upserts);
        Assert.Equal(("y", new Uri("http://10.0.0.3:81"), "2"), (instance.Id, Assert.Single(instance.Endpoints), instance.Metadata["k"]));
    }

    [Fact]
    public void Apply_MoreEntriesThanAServiceHasInstances_IsNoListThatIsTaken()
    {
        _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a")));
        byte[] list = [(byte)'[', .. Enumerable.Repeat("{},"u8.ToArray(), InstanceLimits.MaxInstances).SelectMany(entry => entry), .. "{}]"u8];

        Assert.Contains("200000", Assert.Throws<JsonException>(() => _entries.Apply(list)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_SameAgain_IsAConfirmation()
    {
        var list = HealthAnswer.List(HealthAnswer.Entry("a"));
        _entries.Apply(list);

        Assert.Same(RegistryChange.Confirmation, _entries.Apply(list));
    }

    [Fact]
    public void Apply_OneChanged_ReportsThatOneOnly()
    {
        _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a"), HealthAnswer.Entry("b")));

        var change = _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a"), HealthAnswer.Entry("b", modifyIndex: 11, port: 81)));

        Assert.False(change.IsComplete);
        Assert.Equal(81, Assert.Single(change.Upserts).Endpoints[0].Port);
        Assert.Empty(change.RemovedIds);
    }

    [Fact]
    public void Apply_RegisteredAgainWithTheSame_IsAConfirmation()
    {
        _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a", modifyIndex: 10)));

        Assert.Same(RegistryChange.Confirmation, _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a", modifyIndex: 11))));
    }

    [Fact]
    public void Apply_HealthChanged_KeepsEverythingElse()
    {
        var first = _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a"))).Upserts[0];

        var change = _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a", status: "critical")));

        Assert.Equal(first with { Health = HealthStatus.Unhealthy }, Assert.Single(change.Upserts));
        Assert.Same(first.Metadata, change.Upserts[0].Metadata); // not read again
    }

    [Fact]
    public void Apply_OneGone_IsARemoval()
    {
        _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a"), HealthAnswer.Entry("b")));

        var change = _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("b")));

        Assert.Equal(["a"], change.RemovedIds);
        Assert.Empty(change.Upserts);
        Assert.Equal(1, _entries.Count);
    }

    [Fact]
    public void Apply_AfterClear_IsCompleteAgain()
    {
        _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a")));
        _entries.Clear();

        var change = _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("b")));

        Assert.True(change.IsComplete);
        Assert.Equal("b", Assert.Single(change.Upserts).Id);
        Assert.Empty(change.RemovedIds);
    }

    [Fact]
    public void Apply_SameIdOnTwoNodes_AreTwoInstances()
    {
        var change = _entries.Apply(HealthAnswer.List(
            HealthAnswer.Entry("web", node: "n1"), HealthAnswer.Entry("web", node: "n2", address: "10.0.0.2")));

        Assert.Equal(["web", "web@n2"], change.Upserts.Select(i => i.Id));
        Assert.Same(RegistryChange.Confirmation, _entries.Apply(HealthAnswer.List(
            HealthAnswer.Entry("web", node: "n1"), HealthAnswer.Entry("web", node: "n2", address: "10.0.0.2"))));
        Assert.Equal(["web"], _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("web", node: "n2", address: "10.0.0.2"))).RemovedIds);
    }

    // It would else be known under two IDs, one of which nothing ever takes away.
    [Fact]
    public void Apply_ChangeOfAnInstanceWhoseNamesakeHasGone_LeavesItsId()
    {
        _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("web", node: "n1"), HealthAnswer.Entry("web", node: "n2", address: "10.0.0.2")));
        _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("web", node: "n2", address: "10.0.0.2")));

        var change = _entries.Apply(HealthAnswer.List(HealthAnswer.Entry("web", modifyIndex: 11, node: "n2", address: "10.0.0.3")));

        Assert.Equal("web@n2", Assert.Single(change.Upserts).Id);
        Assert.Empty(change.RemovedIds);
        Assert.Equal(1, _entries.Count);
        Assert.Equal(["web@n2"], _entries.Apply(HealthAnswer.List()).RemovedIds);
        Assert.Equal(0, _entries.Count);
    }

    [Fact]
    public void Apply_NoAddress_FallsBackToTheNode()
    {
        var instance = Assert.Single(_entries.Apply(HealthAnswer.List(HealthAnswer.Entry("a", address: ""))).Upserts);

        Assert.Equal(new Uri("http://192.168.0.1:80"), Assert.Single(instance.Endpoints));
    }

    [Fact]
    public void Apply_NodeCheckCritical_IsUnhealthy()
    {
        var entry = HealthAnswer.Entry("a");
        entry["Checks"]![0]!["Status"] = "critical";

        Assert.Equal(HealthStatus.Unhealthy, Assert.Single(_entries.Apply(HealthAnswer.List(entry)).Upserts).Health);
    }

    [Theory]
    [InlineData("""{"Service":{"ID":5,"Port":80}}""")]
    [InlineData("""{"Node":[],"Service":{"ID":"x","Port":80}}""")]
    [InlineData("""{"Node":{"Node":"n","Address":"10.0.0.1"},"Service":{"ID":"x","Port":"80"}}""")]
    [InlineData("""{"Node":{"Node":"n","Address":"10.0.0.1"},"Service":{"ID":"x","Port":0}}""")]
    [InlineData("""{"Node":{"Node":"n","Address":"10.0.0.1"},"Service":{"ID":"x","Port":80,"Address":"a b"}}""")]
    [InlineData("""{"Node":{"Node":"n","Address":"10.0.0.1"},"Service":{"ID":"x","Port":80,"Address":"user@host/path"}}""")]
    [InlineData("""{"Node":{"Node":"n","Address":"10.0.0.1"},"Service":{"ID":"x\u0000","Port":80}}""")]
    [InlineData("""{"Node":{"Node":"n","Address":"10.0.0.1"},"Service":{"ID":"x","Port":80,"Meta":[1]}}""")]
    [InlineData("""{"Node":{"Node":"n","Address":"10.0.0.1"},"Service":null}""")]
    [InlineData("""{}""")]
    [InlineData("""17""")]
    [InlineData("""null""")]
    public void Apply_EntryOfNoUse_IsSkippedAndCounted(string entry)
    {
        var list = HealthAnswer.List(HealthAnswer.Entry("a"), JsonNode.Parse(entry), HealthAnswer.Entry("b"));

        var change = _entries.Apply(list);

        Assert.Equal(["a", "b"], change.Upserts.Select(i => i.Id));
        Assert.Equal(1, _skipped.Count);
        Assert.Same(RegistryChange.Confirmation, _entries.Apply(list));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[")]
    [InlineData("[{]")]
    [InlineData("""[{"Service":{"ID":"x" """)]
    [InlineData("[] []")]
    [InlineData("<html>")]
    public void Apply_NoList_Throws(string answer) =>
        Assert.ThrowsAny<JsonException>(() => _entries.Apply(System.Text.Encoding.UTF8.GetBytes(answer)));

    [Fact]
    public void Apply_EntryTooLarge_IsSkipped()
    {
        var entry = HealthAnswer.Entry("big");
        entry["Service"]!["Meta"]!["k"] = new string('x', ScannedEntry.MaxLength);

        Assert.Empty(_entries.Apply(HealthAnswer.List(entry)).Upserts);
        Assert.Equal(1, _skipped.Count);
    }

    private static JsonObject WithMany(string member, int count, string id)
    {
        var entry = HealthAnswer.Entry(id);
        var many = Enumerable.Range(2, count);
        entry["Service"]![member] = member switch
        {
            "Tags" => new JsonArray([.. many.Select(i => JsonValue.Create($"t{i}"))]),
            "Meta" => new JsonObject(many.Select(i => KeyValuePair.Create($"k{i}", (JsonNode?)"v"))),
            _ => new JsonObject(many.Select(i => KeyValuePair.Create($"http-{i}", (JsonNode?)new JsonObject { ["Address"] = "10.0.0.1", ["Port"] = i }))),
        };
        return entry;
    }
}
