namespace Discovery.EndToEnd.Tests.Registries;

/// <summary>A real registry that a test may break, asked by other means than the library's own.</summary>
public abstract class RegistryUnderTest : IAsyncDisposable
{
    /// <summary>All providers, for tests that hold for each.</summary>
    public static TheoryData<string> All => ["Local", "Consul", "Etcd"];

    /// <summary>Those with a server that can go away.</summary>
    public static TheoryData<string> Servers => ["Consul", "Etcd"];

    /// <summary>Where its server listens.</summary>
    public abstract Uri Address { get; }

    /// <summary>The environment variables that make an app use it.</summary>
    public IReadOnlyDictionary<string, string?> Environment => EnvironmentAt(Address);

    /// <summary>Starts a registry of the test's own.</summary>
    public static async Task<RegistryUnderTest> StartAsync(string provider) => provider switch
    {
        "Local" => new LocalUnderTest(),
        "Consul" => new ConsulUnderTest(await Testing.Servers.ConsulServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken)),
        "Etcd" => new EtcdUnderTest(await Testing.Servers.EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken)),
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, null),
    };

    /// <summary>The environment variables that make an app use it at another address, such as that of a proxy.</summary>
    public abstract IReadOnlyDictionary<string, string?> EnvironmentAt(Uri address);

    /// <summary>The instances that the registry holds, by ID, with the health it would tell callers.</summary>
    public abstract Task<IReadOnlyDictionary<string, string>> ListAsync(string service);

    /// <summary>Takes an instance out behind the app's back.</summary>
    public abstract Task RemoveAsync(string service, string id);

    public abstract Task KillAsync();

    public abstract Task StartAgainAsync(bool wipe);

    public abstract void Suspend();

    public abstract void Resume();

    public abstract ValueTask DisposeAsync();
}
