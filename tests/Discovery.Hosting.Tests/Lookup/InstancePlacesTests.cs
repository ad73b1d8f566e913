namespace Discovery.Hosting.Tests.Lookup;

/// <summary>In which registries an instance is said to be.</summary>
public sealed class InstancePlacesTests
{
    [Fact]
    public async Task Instance_OfSeveralRegistries_SaysWhichOnesListIt()
    {
        await using var both = new TwoRegistries();
        await both.StartAsync([Instances.Create("a"), Instances.Create("x")], [Instances.Create("b"), Instances.Create("x")]);

        Assert.Equal(["registry A"], Places(both.Host, "a"));
        Assert.Equal(["registry B"], Places(both.Host, "b"));
        Assert.Equal(["registry A", "registry B"], Places(both.Host, "x"));

        both.B.Send("orders", RegistryChange.Delta([], ["x"]));
        await TwoRegistries.HeardAsync(both.B);
        Assert.Equal(["registry A"], Places(both.Host, "x"));

        await both.LoseAsync(both.A);
        Assert.Equal(["registry A"], Places(both.Host, "a"));
    }

    [Fact]
    public async Task Instance_OfTheOnlyRegistryOrOfNone_SaysSo()
    {
        await using var host = new LookupHost(settings: [new("Discovery:Client:Static:legacy:0", "http://10.0.0.9:8080")]);
        host.Registry.List("orders", Instances.Create("a"));
        host.Registry.List("legacy");
        await host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        await host.Discovery.GetInstancesAsync("legacy", TestContext.Current.CancellationToken);

        Assert.Equal([host.Registry.Description], Places(host, "a"));
        Assert.Empty(Assert.Single(host.Discovery.GetInstanceStatus("legacy")).Registries);
    }

    private static IReadOnlyList<string> Places(LookupHost host, string id) =>
        host.Discovery.GetInstanceStatus("orders").Single(status => status.Instance.Id == id).Registries;
}
