namespace Discovery.EndToEnd.Tests.Registries;

/// <summary>A real registry that a test may break, asked by other means than the library's own.</summary>
public abstract class RegistryUnderTest : IAsyncDisposable
{
    /// <summary>All providers, for tests that hold for each.</summary>
    public static TheoryData<string> All => ["Local", "Consul", "Etcd"];

    /// <summary>Those with a server that can go away.</summary>
    public static TheoryData<string> Servers => ["Consul", "Etcd"];

    /// <summary>Where its servers listen; empty where there is none.</summary>
    public abstract IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Where its one server listens.</summary>
    public Uri Address => Addresses.Single();

    /// <summary>The environment variables that make an app use it.</summary>
    public IReadOnlyDictionary<string, string?> Environment => EnvironmentAt(Addresses);

    /// <summary>Starts a registry of the test's own.</summary>
    public static async Task<RegistryUnderTest> StartAsync(string provider) => provider switch
    {
        "Local" => new LocalUnderTest(),
        "Consul" => new ConsulUnderTest(await Testing.Servers.ConsulServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken)),
        "Etcd" => new EtcdUnderTest(await Testing.Servers.EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken)),
        "Etcd cluster" => new EtcdClusterUnderTest(await Testing.Servers.EtcdCluster.StartAsync(cancellationToken: TestContext.Current.CancellationToken)),
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, null),
    };

    /// <summary>The environment variables that make an app use it at other addresses, such as those of proxies.</summary>
    public abstract IReadOnlyDictionary<string, string?> EnvironmentAt(params IReadOnlyList<Uri> addresses);

    /// <summary>The instances that the registry holds, by ID, with the health it would tell callers.</summary>
    public abstract Task<IReadOnlyDictionary<string, string>> ListAsync(string service);

    /// <summary>Takes an instance out behind the app's back.</summary>
    public abstract Task RemoveAsync(string service, string id);

    public abstract Task KillAsync();

    public abstract Task StartAgainAsync(bool wipe);

    public abstract void Suspend();

    public abstract void Resume();

    /// <summary>Keeps its data as a backup would, for <see cref="RestoreAsync"/>.</summary>
    public virtual Task BackUpAsync() => throw new NotSupportedException();

    /// <summary>Starts it again with the data it had at <see cref="BackUpAsync"/>.</summary>
    public virtual Task RestoreAsync() => throw new NotSupportedException();

    /// <summary>The index or revision that clients would go on from.</summary>
    public virtual Task<long> GetPositionAsync() => throw new NotSupportedException();

    /// <summary>Writes as often as that something that has nothing to do with us.</summary>
    public virtual Task WriteAsync(int count) => throw new NotSupportedException();

    public abstract ValueTask DisposeAsync();
}
