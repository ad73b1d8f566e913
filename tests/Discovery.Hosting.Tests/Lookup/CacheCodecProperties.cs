using System.Text.Json;
using Discovery.Hosting.Lookup;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>The format of cache files, for any bytes and any instance.</summary>
public sealed class CacheCodecProperties
{
    [Property(MaxTest = 2000)]
    public void Read_OfAnyBytes_IsASetOrAJsonError(byte[] bytes) => ReadSafely(bytes);

    [Property(MaxTest = 2000, Arbitrary = [typeof(CacheCodecProperties)])]
    public void Read_OfAFileWithBytesReplaced_IsASetOrAJsonError(ServiceInstance instance, ushort[] places, byte[] values)
    {
        var file = Write(instance);
        foreach (var (place, value) in places.Zip(values))
        {
            file[place % file.Length] = value;
        }

        ReadSafely(file);
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(CacheCodecProperties)])]
    public void Read_OfWhatWasWritten_GivesTheSame(ServiceInstance instance)
    {
        var read = Assert.Single(JsonSerializer.Deserialize(Write(instance), CacheJson.Default.CachedSet)!.Instances);

        Assert.True(read.IsUsable);
        Assert.Equal(instance, read.ToInstance("orders"));
    }

    [Theory]
    [InlineData("javascript://h:80/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:pw@h")]
    public void IsUsable_EndpointThatNobodyShouldCall_IsNot(string endpoint) =>
        Assert.False(new CachedInstance("a", [new Uri(endpoint)], null, null, 100, null, null, HealthStatus.Healthy, 1).IsUsable);

    public static Arbitrary<ServiceInstance> Instances()
    {
        var text = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(value => new string([.. value.Get.Where(c => !char.IsSurrogate(c))]));
        var generator =
            from endpoints in Gen.Elements("http://10.0.0.1:8080", "https://example.org/base", "grpc://[2001:db8::1]:9000").Select(value => new Uri(value)).NonEmptyListOf()
            from version in Gen.OrNull(text)
            from weight in Gen.Choose(0, 1000)
            from tags in text.ListOf()
            from metadata in Gen.Zip(text, text).ListOf()
            from health in Gen.Elements(HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy)
            select new ServiceInstance
            {
                ServiceName = "orders",
                Id = "one",
                Endpoints = [.. endpoints.Take(32)],
                Version = version,
                Weight = weight,
                Tags = [.. tags.Take(256)],
                Metadata = metadata.DistinctBy(pair => pair.Item1).Take(256).ToDictionary(pair => pair.Item1, pair => pair.Item2),
                Health = health,
                Incarnation = 7,
            };
        return generator.ToArbitrary();
    }

    private static byte[] Write(ServiceInstance instance) => JsonSerializer.SerializeToUtf8Bytes(
        new CachedSet(CachedSet.CurrentFormat, "Consul", "orders", DateTimeOffset.UnixEpoch, [CachedInstance.From(instance)]), CacheJson.Default.CachedSet);

    private static void ReadSafely(byte[] bytes)
    {
        try
        {
            foreach (var instance in JsonSerializer.Deserialize(bytes, CacheJson.Default.CachedSet)?.Instances ?? [])
            {
                _ = instance is { IsUsable: true } ? instance.ToInstance("orders") : null;
            }
        }
        catch (JsonException)
        {
            // what the cache ignores a file for
        }
    }
}
