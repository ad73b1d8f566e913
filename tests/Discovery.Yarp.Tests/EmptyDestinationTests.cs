using Discovery.Testing;
using Microsoft.Extensions.Logging;

namespace Discovery.Yarp.Tests;

/// <summary>What the log says where a destination becomes nothing at all.</summary>
public sealed class EmptyDestinationTests() : TwoServers<AnsweringServer>(AnsweringServer.StartAsync)
{
    [Fact]
    public async Task Log_OfAServiceWithoutInstances_DoesNotBlameTheScheme()
    {
        var log = new ListLoggerProvider();
        await using var gateway = await Gateway.StartAsync(log: log);

        Assert.Equal("orders has no instance (source: Live): requests to it are answered with 503 until there is one.", Assert.Single(Warnings(log)));
    }

    [Fact]
    public async Task Log_OfAServiceWithoutInstancesOfTheScheme_NamesIt()
    {
        var log = new ListLoggerProvider();
        await using var gateway = await Gateway.StartAsync(address: "https://orders/", log: log, instances: [A.Of("orders"), B.Of("orders")]);

        Assert.Equal(
            "Of 2 instances of orders none has an endpoint of the scheme https, which its destination asks for: requests to it are answered with 503 until one has.",
            Assert.Single(Warnings(log)));
    }

    private static IEnumerable<string> Warnings(ListLoggerProvider log) =>
        log.Entries.Where(entry => entry.Level >= LogLevel.Warning && entry.Category.StartsWith("Discovery.Yarp", StringComparison.Ordinal)).Select(entry => entry.Message);
}
