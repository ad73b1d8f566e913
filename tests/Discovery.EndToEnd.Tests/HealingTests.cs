using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests;

/// <summary>What a registry or an operator does to a registration, and how it is there again, exactly once.</summary>
public sealed class HealingTests
{
    // A beat is 2 s; bounds add what starting a server and this machine take.
    private const string Ttl = "00:00:06";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases => new()
    {
        { "Consul", "restarted with its data" },
        { "Consul", "restarted without its data" },
        { "Consul", "deregistered by an operator" },
        { "Consul", "away for longer than the Ttl" },
        { "Consul", "hung for longer than the Ttl" },
        { "Consul", "app suspended beyond its Ttl" },
        { "Etcd", "restarted with its data" },
        { "Etcd", "restarted without its data" },
        { "Etcd", "deregistered by an operator" },
        { "Etcd", "lease revoked by an operator" },
        { "Etcd", "away for longer than the Ttl" },
        { "Etcd", "hung for longer than the Ttl" },
        { "Etcd", "app suspended beyond its Ttl" },
        { "Local", "deregistered by an operator" },
        { "Local", "app suspended beyond its Ttl" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Registration_AfterTheFault_StandsAgainExactlyOnce(string provider, string fault)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__Ttl", Ttl));
        await app.RegisteredAsync(registry);
        await BreakAsync(registry, app, fault);

        // One beat is 2 s, an attempt under way may take 2 s more; the rest is what the machine takes.
        await Eventually.HoldsAsync(
            async () => (await registry.ListAsync("quickstart")).GetValueOrDefault(app.Id) == "healthy", TimeSpan.FromSeconds(10), Cancellation);
        await Eventually.HoldsAsync(async () => (await app.InstancesAsync()).ContainsKey(app.Id), TimeSpan.FromSeconds(15), Cancellation);
        Assert.Equal([app.Id], (await registry.ListAsync("quickstart")).Keys);
        await Eventually.IsAsync(() => ReadyAsync(app), ready => ready == "Healthy", TimeSpan.FromSeconds(10), Cancellation);
        if (fault.Contains("without its data", StringComparison.Ordinal) || fault.Contains("operator", StringComparison.Ordinal))
        {
            Assert.Equal(1, await app.CountReregistrationsAsync());
            Assert.Single(app.Process.Output.Lines, line => line.Contains("is no longer known to", StringComparison.Ordinal));
        }
    }

    private static async Task<string> ReadyAsync(QuickStartApp app) =>
        await app.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);

    private static async Task BreakAsync(RegistryUnderTest registry, QuickStartApp app, string fault)
    {
        switch (fault)
        {
            case "restarted with its data" or "restarted without its data":
                await registry.KillAsync();
                await registry.StartAgainAsync(wipe: fault.Contains("without", StringComparison.Ordinal));
                break;
            case "deregistered by an operator":
                await registry.RemoveAsync("quickstart", app.Id);
                break;
            case "lease revoked by an operator":
                var etcd = ((EtcdUnderTest)registry).Server;
                var lease = (await etcd.EtcdctlAsync("lease", "list")).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1];
                await etcd.EtcdctlAsync("lease", "revoke", lease);
                Assert.DoesNotContain(lease, await etcd.EtcdctlAsync("lease", "list"), StringComparison.Ordinal); // the app may already have another
                break;
            case "away for longer than the Ttl":
                await registry.KillAsync();
                await app.Process.WaitForLineAsync("does not answer keep-alives", cancellationToken: Cancellation);
                await PassAsync(TimeSpan.FromSeconds(8));
                await registry.StartAgainAsync(wipe: false);
                break;
            case "hung for longer than the Ttl":
                registry.Suspend();
                await app.Process.WaitForLineAsync("does not answer keep-alives", cancellationToken: Cancellation);
                await PassAsync(TimeSpan.FromSeconds(8));
                registry.Resume();
                break;
            case "app suspended beyond its Ttl":
                app.Process.Send(Signal.Stop);
                await PassAsync(TimeSpan.FromSeconds(8)); // in Local only a reader's clock ends it
                if (registry is EtcdUnderTest)
                {
                    await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart")).Count == 0, cancellationToken: Cancellation);
                }
                else if (registry is ConsulUnderTest)
                {
                    await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart"))[app.Id] == "unhealthy", cancellationToken: Cancellation);
                }

                app.Process.Send(Signal.Continue);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, null);
        }
    }

    // Here the passing of time is the fault itself, and there is nothing to poll for.
    private static Task PassAsync(TimeSpan time) => Task.Delay(time, Cancellation);
}
