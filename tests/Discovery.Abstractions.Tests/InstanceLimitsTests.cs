namespace Discovery.Tests;

public sealed class InstanceLimitsTests
{
    [Theory]
    [InlineData(0, 0, 0, null)]
    [InlineData(32, 256, 256, null)]
    [InlineData(33, 0, 0, "has 33 endpoints, and 32 are allowed")]
    [InlineData(1, 257, 0, "has 257 tags, and 256 are allowed")]
    [InlineData(1, 1, 257, "has 257 entries of metadata, and 256 are allowed")]
    public void Exceeded_ByCounts_SaysWhatIsTooMuch(int endpoints, int tags, int metadata, string? expected)
    {
        var instance = new ServiceInstance
        {
            ServiceName = "orders",
            Id = "one",
            Endpoints = [.. Enumerable.Range(1, endpoints).Select(port => new Uri($"http://10.0.0.1:{port}"))],
            Tags = [.. Enumerable.Repeat("t", tags)],
            Metadata = Enumerable.Range(0, metadata).ToDictionary(i => $"k{i}", _ => "v"),
        };

        Assert.Equal(expected, InstanceLimits.Exceeded(instance));
        Assert.Equal(expected, InstanceLimits.Exceeded(endpoints, tags, metadata));
    }
}
