namespace Discovery.Hosting.Tests.Lookup;

/// <summary>What configuration lists, where no registry has ever named an instance.</summary>
public sealed class StaticFallbackTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Static_OfAServiceNoRegistryKnows_IsUsed()
    {
        await using var host = new LookupHost(settings: [new("Discovery:Client:Static:Legacy:0", "http://10.0.0.9:8080"), new("Discovery:Client:Static:Legacy:1", "http://10.0.0.10:8080")]);
        host.Registry.List("legacy");

        var snapshot = await host.Discovery.GetInstancesAsync("legacy", Cancellation);

        Assert.Equal(SnapshotSource.Static, snapshot.Source);
        Assert.Equal(["http://10.0.0.10:8080/", "http://10.0.0.9:8080/"], snapshot.Instances.Select(instance => instance.Endpoints[0].AbsoluteUri));
    }

    [Fact]
    public async Task Static_WhileTheRegistryIsDown_IsUsedAtOnce()
    {
        await using var host = new LookupHost(new() { IsDown = true }, [new("Discovery:Client:Static:legacy:0", "http://10.0.0.9:8080")]);

        Assert.Equal(SnapshotSource.Static, (await host.Discovery.GetInstancesAsync("legacy", Cancellation)).Source);
    }

    [Fact]
    public async Task Static_OfAServiceTheRegistryKnows_IsNotUsed()
    {
        await using var host = new LookupHost(settings: [new("Discovery:Client:Static:orders:0", "http://10.0.0.9:8080")]);
        host.Registry.List("orders", Instances.Create("a"));
        Assert.Equal(["a"], (await host.Discovery.GetInstancesAsync("orders", Cancellation)).Instances.Ids());

        host.Registry.Delete("orders", "a");

        Assert.Equal(SnapshotSource.Live, (await host.KnownAsync(known => known.Instances.Count == 0)).Source);
    }

    [Fact]
    public async Task Static_Reloads()
    {
        await using var host = new LookupHost(new() { IsDown = true }, [new("Discovery:Client:Static:legacy:0", "http://10.0.0.9:8080")]);
        await host.Discovery.GetInstancesAsync("legacy", Cancellation);

        host.Configuration["Discovery:Client:Static:legacy:0"] = "http://10.0.0.11:8080";
        host.Configuration.Reload();

        Assert.Equal(["10.0.0.11:8080"], host.Known("legacy").Instances.Ids());
    }
}
