using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>All that takes part in a row: a registry, the network before it, two copies of a service here and one as a native process, and a caller.</summary>
public sealed class Stage : IAsyncDisposable
{
    public const string Service = "orders";

    /// <summary>A beat is 1 s.</summary>
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(3);

    private readonly string _program;
    private readonly List<string> _living = [];
    private readonly List<TcpProxy> _proxies = [];
    private readonly List<Copy> _copies = [];
    private readonly TemporaryFolder _folder = new();
    private readonly string _disk;
    private readonly OngoingWork _work = new();
    private IReadOnlyDictionary<string, string?> _environment = new Dictionary<string, string?>();
    private QuickStartApp? _process;
    private Caller? _caller;

    private Stage(string program, RegistryUnderTest registry)
    {
        _program = program;
        _disk = _folder.Combine("disk");
        Registry = registry;
    }

    public RegistryUnderTest Registry { get; }

    /// <summary>One before each of the registry's servers; everybody goes through them.</summary>
    public IReadOnlyList<TcpProxy> Proxies => _proxies;

    /// <summary>What stands between the proxy and Consul where the row has it.</summary>
    public ConsulFront? Front { get; private set; }

    /// <summary>The time of day of the copies and of the caller.</summary>
    public SteppedClock Clock { get; } = new();

    public IReadOnlyList<Copy> Copies => _copies;

    public QuickStartApp Process => _process!;

    public Caller Caller => _caller!;

    /// <summary>Services beside the one that every row has; each copy here is an instance of each.</summary>
    public IReadOnlyList<string> Others { get; private set; } = [];

    /// <summary>The environment that makes an app use the registry as everybody here does, and be a copy of the service.</summary>
    public IReadOnlyDictionary<string, string?> Environment => _environment;

    /// <summary>The instances that live, and should be found.</summary>
    public IReadOnlyCollection<string> Living => _living;

    /// <summary>Where the process keeps its sets on disk, as others see it.</summary>
    public string DiskOfProcess => $"/proc/{Process.Process.Id}/root{_disk}";

    /// <summary>Where the caller keeps its sets on disk.</summary>
    public string CacheOfCaller => _folder.Combine("cache");

    /// <summary>The members that a fault has chosen.</summary>
    public IReadOnlyList<EtcdServer> Affected { get; set; } = [];

    /// <summary>Where the registry was before a fault.</summary>
    public long Position { get; set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sets all up and waits until each copy is registered and everybody knows them all.</summary>
    public static async Task<Stage> SetAsync(Row row)
    {
        var program = await NativeQuickStart.GetAsync(); // first: nobody is to wait for it on a stage that is set
        var stage = new Stage(program, await (row.Start?.Invoke() ?? RegistryUnderTest.StartAsync(row.Registry)));
        try
        {
            await row.Fault.BeforeAsync(stage);
            await stage.EnterAsync(row);
            await row.Fault.PrepareAsync(stage);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>An instance has gone for good.</summary>
    public void Lose(string id) => _living.Remove(id);

    /// <summary>One that was thought gone is back.</summary>
    public void Return(string id) => _living.Add(id);

    /// <summary>Goes on with something until <see cref="EndAsync"/>, whose exceptions it ends with.</summary>
    public void Begin(Func<CancellationToken, Task> work) => _work.Begin(work);

    public Task EndAsync() => _work.EndAsync();

    /// <summary>Where the process has ended, another one takes its place.</summary>
    public async Task RenewProcessAsync(Row row)
    {
        if (!Process.Process.IsRunning)
        {
            await Process.DisposeAsync();
            await EnterProcessAsync(row);
            await AllKnownAsync();
        }
    }

    /// <summary>Has the copies registered under further names, and the caller look them up.</summary>
    public async Task AddServicesAsync(int count)
    {
        var services = Enumerable.Range(0, count).Select(i => $"other-{i:000}").ToList();
        await Task.WhenAll(_copies.SelectMany(copy => services.Select(service => copy.Registrar.RegisterAsync(
            new ServiceInstance { ServiceName = service, Id = $"{service}-{copy.Address.Port}", Endpoints = [copy.Address] }, Cancellation))));
        await Caller.WatchAsync(services);
        Others = services;
    }

    /// <summary>Waits until the caller and the process know all who live, among whomever else: a row may begin with a crowd.</summary>
    public Task AllKnownAsync() => Eventually.HoldsAsync(
        async () => Knows((await Caller.Discovery.GetInstancesAsync(Service)).Instances.Select(instance => instance.Id)) && Knows((await Process.LookAsync(Service)).Ids),
        cancellationToken: Cancellation);

    /// <summary>The instances that the registry itself holds for healthy.</summary>
    public async Task<IReadOnlyList<string>> ListHealthyAsync(string service = Service) =>
        [.. (await Registry.ListAsync(service)).Where(entry => entry.Value == "healthy").Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await _work.DisposeAsync();
        await ExitAsync();
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        if (Front is not null)
        {
            await Front.DisposeAsync();
        }

        await Registry.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Ends all who use the registry, as apps end.</summary>
    public async Task ExitAsync()
    {
        if (Interlocked.Exchange(ref _caller, null) is { } caller)
        {
            await caller.DisposeAsync();
        }

        await Task.WhenAll(_copies.Select(copy => copy.DisposeAsync().AsTask()));
        _copies.Clear();
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            process.Process.Send(Signal.Continue);
            await process.Process.StopAsync();
            await process.DisposeAsync();
        }
    }

    private async Task EnterAsync(Row row)
    {
        Front = row.HasFront ? await ConsulFront.StartAsync(Registry.Address) : null;
        _proxies.AddRange((Front is null ? Registry.Addresses : [Front.Address]).Select(TcpProxy.Start));
        _environment = new Dictionary<string, string?>(Registry.EnvironmentAt([.. _proxies.Select(proxy => proxy.Address)]))
        {
            ["Discovery__Registration__ServiceName"] = Service,
            ["Discovery__Registration__Ttl"] = Ttl.ToString("c"),
            ["Discovery__Registration__DrainDelay"] = "00:00:00.5",
        };
        var settings = Copy.SettingsOf(_environment);
        _copies.Add(await Copy.StartAsync([.. settings, new("Discovery:Client:CacheDirectory", "")], Clock));
        _copies.Add(await Copy.StartAsync([.. settings, new("Discovery:Client:CacheDirectory", "")], Clock));
        _caller = await Caller.StartAsync([.. settings, new("Discovery:Client:CacheDirectory", CacheOfCaller)], Clock, retries: row.HasRetries);

        foreach (var copy in _copies)
        {
            _living.Add((await Eventually.IsAsync(() => copy.Id, id => id is not null, cancellationToken: Cancellation))!);
        }

        await EnterProcessAsync(row);
        await AllKnownAsync();
    }

    private async Task EnterProcessAsync(Row row)
    {
        _process = await StartProcessAsync(row);
        await _process.RegisteredAsync(Registry, service: Service);
        _living.Add(_process.Id);
    }

    private bool Knows(IEnumerable<string> ids) => !_living.Except(ids).Any();

    private Task<QuickStartApp> StartProcessAsync(Row row)
    {
        var settings = _environment.Select(setting => (setting.Key, setting.Value));
        return row.HasSmallDisk
            ? QuickStartApp.StartAsync(Registry, [.. settings, ("Discovery__Client__CacheDirectory", _disk)], SmallDisk.MountedAt(_disk), _program)
            : QuickStartApp.StartAsync(Registry, settings, [], _program);
    }
}
