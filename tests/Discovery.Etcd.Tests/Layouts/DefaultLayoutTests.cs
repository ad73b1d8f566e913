using System.Text;
using Discovery.Etcd.Layouts;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mvccpb;

namespace Discovery.Etcd.Tests.Layouts;

public sealed class DefaultLayoutTests
{
    private readonly DefaultLayout _layout = new();

    [Fact]
    public void Encode_OfABareInstance_WritesEveryMember() =>
        Assert.Equal(
            """{"id":"one","name":"orders","version":null,"endpoints":["http://[::1]:8080"],"zone":null,"weight":100,"tags":[],"metadata":{},"health":"unhealthy"}""",
            Encoding.UTF8.GetString(_layout.Encode(new ServiceInstance
            {
                ServiceName = "orders",
                Id = "one",
                Endpoints = [new("http://[::1]:8080/")],
                Health = HealthStatus.Unhealthy,
            })));

    [Property(MaxTest = 1000, Arbitrary = [typeof(DefaultLayoutTests)])]
    public void TryDecode_OfWhatEncodeWrote_GivesTheSame(ServiceInstance instance)
    {
        Assert.True(TryDecode(_layout.Encode(instance), instance.Incarnation, out var read, out _, instance.ServiceName, instance.Id));
        Assert.Equal(instance, read);
    }

    [Property(MaxTest = 2000)]
    public void TryDecode_OfAnyBytes_NeverThrows(byte[] bytes) => Assert.Equal(TryDecode(bytes, 1, out var read, out var reason), read is not null && reason is null);

    [Property(MaxTest = 2000, Arbitrary = [typeof(DefaultLayoutTests)])]
    public void TryDecode_OfAValueWithOneByteChanged_NeverThrows(ServiceInstance instance, byte changed, NonNegativeInt at)
    {
        var bytes = _layout.Encode(instance);
        bytes[at.Get % bytes.Length] = changed;
        _ = TryDecode(bytes, 1, out _, out _);
        _ = TryDecode(bytes[..(at.Get % bytes.Length)], 1, out _, out _);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"endpoints":[]}""")]
    [InlineData("""{"endpoints":[null]}""")]
    [InlineData("""{"endpoints":["/etc/passwd"]}""")]
    [InlineData("""{"endpoints":["file:///etc/passwd"]}""")]
    [InlineData("""{"endpoints":["http://user:secret@10.0.0.1:80"]}""")]
    [InlineData("""{"endpoints":["10.0.0.1:80"]}""")]
    [InlineData("""{"endpoints":["http://10.0.0.1:80"],"weight":"heavy"}""")]
    [InlineData("""{"endpoints":["http://10.0.0.1:80"],"metadata":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{}}}}}}}}}""")]
    public void TryDecode_OfWhatNobodyCouldCall_SaysWhy(string value)
    {
        Assert.False(TryDecode(Encoding.UTF8.GetBytes(value), 1, out _, out var reason));
        Assert.NotEmpty(reason!);
    }

    [Theory]
    [InlineData("""{"endpoints":["http://10.0.0.1:80"]}""", HealthStatus.Healthy)]
    [InlineData("""{"endpoints":["http://10.0.0.1:80", "nonsense", null],"health":"DEGRADED","unknown":[{}]}""", HealthStatus.Degraded)]
    [InlineData("""{"endpoints":["http://10.0.0.1:80"],"health":"draining","tags":[null],"metadata":{"a":null}}""", HealthStatus.Unhealthy)]
    public void TryDecode_OfWhatAnotherWriterLeavesOutOrAdds_ReadsIt(string value, HealthStatus health)
    {
        Assert.True(TryDecode(Encoding.UTF8.GetBytes(value), 7, out var instance, out _));
        Assert.Equal((health, "orders", "one", 7), (instance!.Health, instance.ServiceName, instance.Id, instance.Incarnation));
        Assert.Equal(new Uri("http://10.0.0.1:80"), Assert.Single(instance.Endpoints));
    }

    [Theory]
    [InlineData("""{"zone":"a","weight":"heavy"}""", "$.weight")]
    [InlineData("""{"zone":"a","weight":}""", "$.weight")]
    [InlineData("""{"tags":[1]}""", "$.tags[0]")]
    [InlineData("""<html>""", "$")]
    public void TryDecode_OfOtherJson_SaysWhere(string value, string path)
    {
        Assert.False(TryDecode(Encoding.UTF8.GetBytes(value), 1, out _, out var reason));
        Assert.Equal($"it is not the JSON expected at {path}", reason);
    }

    [Theory]
    [InlineData("""{"endpoints":["http://10.0.0.1:80"],"version":"@"}""", JsonValue.MaxBytes + 1)]
    [InlineData("""{"endpoints":["http://10.0.0.1:80"],"tags":["a"@]}""", 4000)]
    [InlineData("""{"endpoints":["http://10.0.0.1:80"@]}""", 4000)]
    public void TryDecode_OfMoreThanIsAllowed_RefusesIt(string value, int length)
    {
        var filling = value.Contains("tags", StringComparison.Ordinal) ? ",\"b\"" : value.Contains("version", StringComparison.Ordinal) ? "x" : ",\"http://10.0.0.1:80\"";
        var bytes = Encoding.UTF8.GetBytes(value.Replace("@", string.Concat(Enumerable.Repeat(filling, length / filling.Length)), StringComparison.Ordinal));

        Assert.False(TryDecode(bytes, 1, out _, out _));
    }

    [Theory]
    [InlineData("/services/orders/one", "orders")]
    [InlineData("/services/orders/", null)]
    [InlineData("/services/orders", null)]
    [InlineData("/services/Orders/one", null)]
    [InlineData("/services/orders/one/two", null)]
    [InlineData("/services//one", null)]
    public void ServiceOf_AKey_NamesItOnlyWhereAnInstanceCanStand(string key, string? expected) => Assert.Equal(expected, Keyspaces.Of(_layout, prefix: null).ServiceOf(key));

    public static Arbitrary<ServiceInstance> Instances()
    {
        var text = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(value => new string([.. value.Get.Where(c => !char.IsSurrogate(c))]));
        var endpoint = Gen.Elements("http://10.0.0.1:8080", "https://example.org", "grpc://[2001:db8::1]:9000", "http://h:1/base?q=1", "tcp://h:5", "http://bücher.example:80/ä");
        var generator =
            from endpoints in endpoint.Select(value => new Uri(value)).NonEmptyListOf()
            from version in text
            from zone in Gen.OneOf(text, Gen.Constant<string>(null!))
            from weight in Gen.Choose(0, 1000)
            from tags in text.ListOf()
            from metadata in Gen.Zip(text, text).ListOf()
            from health in Gen.Elements(HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy)
            from incarnation in Gen.Choose(0, int.MaxValue)
            select new ServiceInstance
            {
                ServiceName = "orders",
                Id = "one",
                Endpoints = [.. endpoints.Take(32)],
                Version = version,
                Zone = zone,
                Weight = weight,
                Tags = [.. tags.Take(256)],
                Metadata = metadata.DistinctBy(pair => pair.Item1).Take(256).ToDictionary(pair => pair.Item1, pair => pair.Item2),
                Health = health,
                Incarnation = incarnation,
            };
        return generator.ToArbitrary();
    }

    private bool TryDecode(byte[] value, long createRevision, out ServiceInstance? instance, out string? reason, string service = "orders", string id = "one") =>
        _layout.TryDecode(service, id, new KeyValue { Value = ByteString.CopyFrom(value), CreateRevision = createRevision }, out instance, out reason);
}
