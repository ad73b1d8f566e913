using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix;
using Discovery.EndToEnd.Tests.TwoRegistries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>Apps that use two stages' registries at once and live from the beginning to the end: a copy here, one as a process, and a caller.</summary>
[SupportedOSPlatform("linux")]
internal sealed class AppsInBoth : IAsyncDisposable
{
    private readonly Stage _consul;
    private readonly Stage _etcd;
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryProbe _memory;
    private Copy? _copy;
    private QuickStartApp? _process;
    private Caller? _caller;

    private AppsInBoth(Stage consul, Stage etcd) => (_consul, _etcd, _memory) = (consul, etcd, new(_folder.Path));

    public Copy Copy => _copy!;

    public QuickStartApp Process => _process!;

    public Caller Caller => _caller!;

    /// <summary>What they are registered as.</summary>
    public IReadOnlyCollection<string> Ids => [_copy!.Id!, _process!.Id];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<AppsInBoth> StartAsync(Stage consul, Stage etcd)
    {
        var apps = new AppsInBoth(consul, etcd);
        try
        {
            await apps.EnterAsync();
            return apps;
        }
        catch
        {
            await apps.DisposeAsync();
            throw;
        }
    }

    /// <summary>The managed memory that the process needs; what it does not, it gives back first.</summary>
    public Task<long> MemoryOfProcessAsync(CancellationToken cancellationToken) => _memory.AskAsync(Process.Process, cancellationToken);

    /// <summary>Waits until its caller and its process know exactly those who live in either registry, as what both say now.</summary>
    public async Task AllKnownAsync(TimeSpan bound)
    {
        var living = _consul.Living.Union(_etcd.Living).Order(StringComparer.Ordinal).ToList();
        await Eventually.IsAsync(
            async () => await Caller.Discovery.GetInstancesAsync(Stage.Service, Cancellation),
            known => known.Source == SnapshotSource.Live && known.Age == TimeSpan.Zero && known.Instances.Select(instance => instance.Id).Order(StringComparer.Ordinal).SequenceEqual(living),
            bound, Cancellation, $"the caller in both registries knows [{string.Join(", ", living)}]");
        await Eventually.IsAsync(
            () => Process.LookAsync(Stage.Service), known => known.Source == "live" && known.Ids.SequenceEqual(living),
            bound, Cancellation, $"the process in both registries knows [{string.Join(", ", living)}]");
    }

    public async ValueTask DisposeAsync()
    {
        if (_caller is not null)
        {
            await _caller.DisposeAsync();
        }

        if (_copy is not null)
        {
            await _copy.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.Process.StopAsync();
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task EnterAsync()
    {
        var environment = ConsulAndEtcd.MergeBoth(_consul.Environment, _etcd.Environment);
        KeyValuePair<string, string?>[] settings = [.. Copy.SettingsOf(environment), new("Discovery:Client:CacheDirectory", "")];
        _copy = await Copy.StartAsync(settings, TimeProvider.System);
        _process = await QuickStartApp.StartAsync(
            environment,
            [
                ("Logging__LogLevel__Default", "Error"), // what it writes is kept in the memory that is measured
                ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
                ("Logging__LogLevel__Discovery.Hosting.Registration", "Information"),
                .. _memory.Settings,
            ],
            within: []);
        await Eventually.IsAsync(() => _copy.Id, id => id is not null, cancellationToken: Cancellation);
        foreach (var stage in (Stage[])[_consul, _etcd])
        {
            await _process.RegisteredAsync(stage.Registry, service: Stage.Service);
            foreach (var id in Ids)
            {
                stage.Return(id);
            }

            await stage.AllKnownAsync();
        }

        _caller = await Caller.StartAsync(settings, TimeProvider.System, retries: true);
        await AllKnownAsync(Eventually.DefaultBound);
    }
}
