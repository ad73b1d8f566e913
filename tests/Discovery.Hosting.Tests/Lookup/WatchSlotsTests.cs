namespace Discovery.Hosting.Tests.Lookup;

public sealed class WatchSlotsTests
{
    [Fact]
    public async Task Lookup_OfNamesThatShareASlot_FindsEachAndAnEvictedOneAnew()
    {
        // The same length and the same ends.
        await using var host = new LookupHost(settings: [new("Discovery:Client:MaxWatchedServices", "2")]);
        foreach (var name in (string[])["a-1-z", "a-2-z", "a-3-z"])
        {
            host.Registry.List(name, Instances.Create(name, name));
        }

        Assert.Equal("a-1-z", await PickAsync("a-1-z"));
        Assert.Equal("a-2-z", await PickAsync("a-2-z"));
        Assert.Equal("a-1-z", await PickAsync("a-1-z"));
        Assert.Equal("a-3-z", await PickAsync("a-3-z"));
        Assert.Equal(2, host.Discovery.GetWatchedServices().Count);

        // Evicted before, and by either of these two: none may be found again as it was.
        Assert.Equal("a-2-z", await PickAsync("a-2-z"));
        Assert.Equal("a-1-z", await PickAsync("A-1-Z"));
        Assert.Equal("a-3-z", await PickAsync("a-3-z"));
        Assert.Equal(2, host.Registry.Watches("a-3-z"));

        async Task<string> PickAsync(string name) => (await host.Discovery.PickAsync(name, default, TestContext.Current.CancellationToken)).Instance.Id;
    }
}
