namespace Discovery.Hosting.Tests.Lookup;

public sealed class ServiceViewTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangeToken_AskedForBeforeAChange_FiresWithIt()
    {
        await using var host = await StartAsync();
        using var view = host.Discovery.GetView("orders");
        var token = view.GetChangeToken();
        var fired = new TaskCompletionSource<object?>();
        using var registration = token.RegisterChangeCallback(fired.SetResult, "state");
        Assert.False(token.HasChanged);
        Assert.True(token.ActiveChangeCallbacks);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));

        Assert.Equal("state", await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.True(token.HasChanged);
        Assert.Equal(["a", "b"], view.Current.Instances.Ids());
    }

    [Fact]
    public async Task ChangeToken_AskedForAfterAChange_FiresWithTheNext()
    {
        await using var host = await StartAsync();
        using var view = host.Discovery.GetView("orders");
        var first = view.GetChangeToken();
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));
        await host.KnownAsync(known => known.Instances.Count == 2);

        var second = view.GetChangeToken();

        Assert.True(first.HasChanged);
        Assert.False(second.HasChanged);
    }

    [Fact]
    public async Task ChangeToken_WhoseChangeLiesBack_FiresAtOnce()
    {
        await using var host = await StartAsync();
        using var view = host.Discovery.GetView("orders");
        var token = view.GetChangeToken();
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));
        await host.KnownAsync(known => known.Instances.Count == 2);

        var fired = new TaskCompletionSource();
        using var registration = token.RegisterChangeCallback(_ => fired.SetResult(), null);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task ChangeToken_WhoseRegistrationIsGivenUp_DoesNotCallBack()
    {
        await using var host = await StartAsync();
        using var view = host.Discovery.GetView("orders");
        var token = view.GetChangeToken();
        var calls = 0;
        var fired = new TaskCompletionSource();
        var givenUp = token.RegisterChangeCallback(_ => Interlocked.Increment(ref calls), null);
        givenUp.Dispose();
        givenUp.Dispose();
        using var registration = token.RegisterChangeCallback(_ => fired.SetResult(), null);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(0, Volatile.Read(ref calls));
    }

    [Fact]
    public async Task ChangeToken_WithASlowCallback_DoesNotHoldUpTheWatch()
    {
        await using var host = await StartAsync();
        using var view = host.Discovery.GetView("orders");
        using var released = new ManualResetEventSlim();
        using var registration = view.GetChangeToken().RegisterChangeCallback(_ => released.Wait(Cancellation), null);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("c")], []));

        await host.KnownAsync(known => known.Instances.Count == 3);
        released.Set();
    }

    private static async Task<LookupHost> StartAsync()
    {
        var host = new LookupHost();
        host.Registry.List("orders", Instances.Create("a"));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        return host;
    }
}
