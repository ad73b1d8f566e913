using Discovery.Etcd.Layouts;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mvccpb;

namespace Discovery.Etcd.Tests.Layouts;

/// <summary>For every layout: any instance that it has the words for comes back as it was, and no bytes do harm.</summary>
public sealed class LayoutProperties
{
    private static readonly IEtcdLayout[] Layouts =
        [.. "Default,Kratos,GoMicro,GoZero,Kitex,Hertz,GrpcNaming".Split(',').Select(EtcdLayouts.Get)];

    [Fact]
    public void Known_Layouts_AreAllPutToTheProof() => Assert.Equal(EtcdLayouts.Known, string.Join(", ", Layouts.Select(layout => layout.Name)));

    [Property(MaxTest = 1000, Arbitrary = [typeof(DefaultLayoutTests)])]
    public void TryDecode_OfWhatEncodeWrote_GivesWhatTheLayoutBears(ServiceInstance any)
    {
        foreach (var layout in Layouts)
        {
            var borne = Borne(layout, any);
            Assert.Equal(borne, Decode(layout, borne.Id, layout.Encode(borne), borne.Incarnation).Instance);

            var read = Decode(layout, borne.Id, layout.Encode(any), any.Incarnation).Instance; // of what it does not bear, nothing breaks it
            Assert.NotNull(read);
        }
    }

    [Property(MaxTest = 1000)]
    public void TryDecode_OfAnyBytes_NeverThrows(byte[] bytes)
    {
        foreach (var layout in Layouts)
        {
            var (instance, reason) = Decode(layout, "one", bytes, 1);
            Assert.Equal(instance is null, reason is not null);
        }
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(DefaultLayoutTests)])]
    public void TryDecode_OfAValueWithOneByteChanged_NeverThrows(ServiceInstance any, byte changed, NonNegativeInt at)
    {
        foreach (var layout in Layouts)
        {
            var bytes = layout.Encode(any);
            bytes[at.Get % bytes.Length] = changed;
            _ = Decode(layout, "one", bytes, 1);
            _ = Decode(layout, "one", bytes[..(at.Get % bytes.Length)], 1);
        }
    }

    [Property(MaxTest = 1000)]
    public void IdOf_AnyKey_NeverThrows(string? key)
    {
        foreach (var keyspace in Layouts.Select(layout => Keyspaces.Of(layout, prefix: null)))
        {
            _ = keyspace.ServiceOf(key ?? "");
            _ = keyspace.IdOf("orders", keyspace.ServicePrefix("orders") + key);
        }
    }

    // The table in docs/other-frameworks.md, as code.
    private static ServiceInstance Borne(IEtcdLayout layout, ServiceInstance any)
    {
        if (layout is DefaultLayout)
        {
            return any;
        }

        string[] taken = ["version", "zone", "weight", "scheme", "protocol", "transport", "server", "broker", "registry"];
        var said = any with
        {
            Health = HealthStatus.Healthy,
            Tags = [],
            Version = any.Version is "" or "latest" ? null : any.Version,
            Metadata = any.Metadata.Where(pair => !taken.Contains(pair.Key)).Take(200).ToDictionary(),
        };
        if (layout is KratosLayout)
        {
            return said;
        }

        var one = new Uri($"{any.Endpoints[0].Scheme}://{HostPort.Format(any.Endpoints[0])}");
        return layout switch
        {
            GoZeroLayout or GrpcNamingLayout => new()
            {
                ServiceName = any.ServiceName,
                Id = any.Id,
                Endpoints = [new Uri($"grpc://{HostPort.Format(HostPort.Choose(any, "grpc", "grpcs"))}")],
                Incarnation = any.Incarnation,
            },
            CloudWeGoLayout { Name: "Hertz" } => said with { Endpoints = [HostPort.Choose(any, "http", "https") is var http ? new Uri($"{http.Scheme}://{HostPort.Format(http)}") : one] },
            _ => said with { Endpoints = [one] },
        };
    }

    private static (ServiceInstance? Instance, string? Reason) Decode(IEtcdLayout layout, string id, byte[] value, long createRevision)
    {
        layout.TryDecode("orders", id, new KeyValue { Value = ByteString.CopyFrom(value), CreateRevision = createRevision }, out var instance, out var reason);
        return (instance, reason);
    }
}
