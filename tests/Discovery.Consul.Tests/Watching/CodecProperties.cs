using System.Text.Json;
using System.Text.Json.Nodes;
using Discovery.Consul.Leases;
using Discovery.Consul.Watching;
using Discovery.Consul.Wire;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Consul.Tests.Watching;

/// <summary>For any bytes, and for any instance.</summary>
public sealed class CodecProperties
{
    [Property(MaxTest = 2000)]
    public void Apply_AnyBytes_NeverThrowsAnythingElseThanJsonException(byte[] bytes) => ApplySafely(bytes);

    [Property(MaxTest = 2000)]
    public void Apply_AnswerWithBytesReplaced_NeverThrowsAnythingElseThanJsonException(ushort[] places, byte[] values)
    {
        var list = HealthAnswer.List(HealthAnswer.Entry("a"), HealthAnswer.Entry("b", status: "warning"));
        foreach (var (place, value) in places.Zip(values))
        {
            list[place % list.Length] = value;
        }

        ApplySafely(list);
    }

    [Property(MaxTest = 1000)]
    public void Apply_AnswerWithAValueReplaced_KeepsTheOtherEntry(ushort which, byte kind)
    {
        var entry = HealthAnswer.Entry("broken");
        var places = Leaves(entry).ToList();
        var (parent, key) = places[which % places.Count];
        parent[key] = (kind % 6) switch
        {
            0 => null,
            1 => JsonValue.Create(-1.5e300),
            2 => JsonValue.Create("text"),
            3 => JsonValue.Create(true),
            4 => new JsonArray(1, "x", null),
            _ => new JsonObject { ["x"] = new JsonArray() },
        };

        var change = new ServiceEntries("orders", new SkippedEntries(NullLogger.Instance)).Apply(HealthAnswer.List(entry, HealthAnswer.Entry("good")));

        Assert.Contains(change.Upserts, instance => instance.Id == "good");
    }

    [Property(MaxTest = 1000)]
    public Property Write_AnyInstance_ReadsBackEqual() => Prop.ForAll(Instances().ToArbitrary(), Gen.SubListOf("Kratos", "GoMicro", "Kitex", "Spring").ToArbitrary(), (instance, peers) =>
    {
        var options = new ConsulOptions();
        foreach (var peer in peers)
        {
            options.Compatibility.Add(peer);
        }

        var written = JsonSerializer.SerializeToNode(
            new RegistrationWriter(options).Write(instance, TestRegistry.Ttl), ConsulJsonContext.Default.ServiceRegistration)!;
        written["CreateIndex"] = 8;
        written["ModifyIndex"] = 9;
        var entry = new JsonObject
        {
            ["Node"] = new JsonObject { ["Node"] = "n", ["Address"] = "10.9.9.9" },
            ["Service"] = written,
            ["Checks"] = new JsonArray(new JsonObject { ["Status"] = ConsulHealth.Status(instance.Health) }),
        };

        var read = new ServiceEntries(instance.ServiceName, new SkippedEntries(NullLogger.Instance)).Apply(HealthAnswer.List(entry)).Upserts;

        Assert.Equal(instance with { Incarnation = 8 }, Assert.Single(read));
    });

    private static Gen<ServiceInstance> Instances()
    {
        var endpoint = from scheme in Gen.Elements("http", "https", "grpc", "tcp")
                       from host in Gen.Elements("10.0.0.1", "10.0.0.2", "[fd00::1]", "orders.internal")
                       from port in Gen.Choose(1, 65535)
                       select new Uri($"{scheme}://{host}:{port}");
        var text = from value in ArbMap.Default.GeneratorFor<string>() select new string([.. (value ?? "").Where(c => !char.IsSurrogate(c)).Take(100)]);
        var key = from length in Gen.Choose(1, 20)
                  from characters in Gen.ArrayOf(Gen.Elements("abcXYZ019_-".ToCharArray()), length)
                  select new string(characters);
        return from id in Gen.ArrayOf(Gen.Elements("abzAZ09._:@-".ToCharArray()), 12)
               from endpoints in Gen.NonEmptyListOf(endpoint)
               from tags in Gen.ListOf(text)
               from keys in Gen.ListOf(key)
               from value in text
               from version in Gen.OrNull(text)
               from zone in Gen.OrNull(text)
               from weight in Gen.Choose(0, 1000)
               from health in Gen.Elements(HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy)
               select new ServiceInstance
               {
                   ServiceName = "orders",
                   Id = new string(id),
                   Endpoints = [.. endpoints.Distinct().Take(8)],
                   Version = version,
                   Zone = zone,
                   Weight = weight,
                   Tags = [.. tags.Where(tag => tag is not ("t" or "e"))],
                   Metadata = keys.Distinct().Take(40).ToDictionary(k => k, k => value),
                   Health = health,
               };
    }

    private static void ApplySafely(byte[] bytes)
    {
        try
        {
            new ServiceEntries("orders", new SkippedEntries(NullLogger.Instance)).Apply(bytes);
        }
        catch (JsonException)
        {
            // what the watch expects of an answer that is no list
        }
    }

    private static IEnumerable<(JsonObject Parent, string Key)> Leaves(JsonNode? node) => node switch
    {
        JsonObject parent => parent.SelectMany(pair => Leaves(pair.Value).Append((parent, pair.Key))).ToList(),
        JsonArray items => items.SelectMany(Leaves),
        _ => [],
    };
}
