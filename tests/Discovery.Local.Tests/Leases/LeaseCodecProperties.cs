using Discovery.Local.Leases;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Local.Tests.Leases;

/// <summary>For any bytes, any name and any instance.</summary>
public sealed class LeaseCodecProperties
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);

    [Property(MaxTest = 2000)]
    public void TryDecode_OfAnyBytes_NeverThrows(byte[] bytes) =>
        Assert.Equal(LeaseFormat.TryDecode(bytes, LeaseFileName.Of("orders", "one"), out var reason) is null, reason.Length > 0);

    [Property(MaxTest = 2000, Arbitrary = [typeof(LeaseCodecProperties)])]
    public void TryDecode_OfAFileWithBytesReplaced_NeverThrows(ServiceInstance instance, ushort[] places, byte[] values)
    {
        var file = LeaseFormat.Encode(instance, Ttl, counter: 7);
        foreach (var (place, value) in places.Zip(values))
        {
            file[place % file.Length] = value;
        }

        var lease = LeaseFormat.TryDecode(file, LeaseFileName.Of(instance.ServiceName, instance.Id), out var reason);
        Assert.Equal(lease is null, reason.Length > 0);
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(LeaseCodecProperties)])]
    public void TryDecode_OfWhatEncodeWrote_GivesTheSame(ServiceInstance instance, NonNegativeInt counter) =>
        Assert.Equal(
            new Lease(instance, Ttl, counter.Get),
            LeaseFormat.TryDecode(LeaseFormat.Encode(instance, Ttl, counter.Get), LeaseFileName.Of(instance.ServiceName, instance.Id), out _));

    [Property(MaxTest = 2000)]
    public void TryGetServiceName_OfAnyName_NeverThrows(NonNull<string> name)
    {
        _ = LeaseFileName.TryGetServiceName(name.Get, out _);
        _ = LeaseFileName.TryGetServiceName($"lease~{name.Get}.json", out _);
        _ = LeaseFileName.IsTemporary(name.Get);
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(LeaseCodecProperties)])]
    public void Of_AnyInstance_IsAFileNameThatNamesTheService(ServiceInstance instance)
    {
        var name = LeaseFileName.Of(instance.ServiceName, instance.Id);

        Assert.True(LeaseFileName.TryGetServiceName(name, out var service));
        Assert.Equal(instance.ServiceName, service);
        Assert.Equal(name, Path.GetFileName(name));
    }

    public static Arbitrary<ServiceInstance> Instances()
    {
        var text = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(value => new string([.. value.Get.Where(c => !char.IsSurrogate(c)).Take(50)]));
        var endpoint = Gen.Elements("http://10.0.0.1:8080", "https://example.org", "grpc://[2001:db8::1]:9000", "tcp://h:5");
        var generator =
            from service in Characters("abz019", "abz019._-", 60)
            from id in Characters("abzABZ019_:@", "abzABZ019._:@-", 199)
            from endpoints in endpoint.Select(value => new Uri(value)).NonEmptyListOf()
            from version in Gen.OrNull(text)
            from weight in Gen.Choose(0, 1000)
            from tags in text.ListOf()
            from metadata in Gen.Zip(text, text).ListOf()
            from health in Gen.Elements(HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy)
            from incarnation in Gen.Choose(0, int.MaxValue)
            select new ServiceInstance
            {
                ServiceName = service,
                Id = id,
                Endpoints = [.. endpoints.Take(32)],
                Version = version,
                Weight = weight,
                Tags = [.. tags.Take(64)],
                Metadata = metadata.DistinctBy(pair => pair.Item1).Take(64).ToDictionary(pair => pair.Item1, pair => pair.Item2),
                Health = health,
                Incarnation = incarnation,
            };
        return generator.ToArbitrary();
    }

    private static Gen<string> Characters(string first, string rest, int most) =>
        from start in Gen.Elements(first.ToCharArray())
        from length in Gen.Choose(0, most)
        from end in Gen.ArrayOf(Gen.Elements(rest.ToCharArray()), length)
        select start + new string(end);
}
