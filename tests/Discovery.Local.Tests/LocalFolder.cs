using Discovery.Local.Files;
using Discovery.Local.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Local.Tests;

/// <summary>A folder of one test's own, and registries on it that are gone with it.</summary>
public sealed class LocalFolder : IAsyncDisposable
{
    private readonly List<LocalServiceRegistry> _registries = [];

    public string Path { get; } = Directory.CreateTempSubdirectory("discovery-local-").FullName;

    public static ServiceInstance Instance(string service = "orders", string id = "orders-1", string? version = null) => new()
    {
        ServiceName = service,
        Id = id,
        Endpoints = [new Uri("http://10.0.0.1:8080")],
        Version = version,
    };

    public IServiceRegistry Registry(TimeProvider? time = null) => Registry(time, FileSystemFolderNotifier.Start);

    internal LocalServiceRegistry Registry(TimeProvider? time, FolderNotifierStarter start, Microsoft.Extensions.Logging.ILogger<LocalServiceRegistry>? logger = null)
    {
        var registry = new LocalServiceRegistry(
            new() { Directory = Path }, time ?? TimeProvider.System, logger ?? NullLogger<LocalServiceRegistry>.Instance, start);
        _registries.Add(registry);
        return registry;
    }

    internal LocalClient Client() => new(Path, LockableFiles.OfThisSystem);

    /// <summary>The one lease file there is.</summary>
    public string LeaseFile() => Assert.Single(Directory.GetFiles(Path));

    public async ValueTask DisposeAsync()
    {
        foreach (var registry in _registries)
        {
            await registry.DisposeAsync();
        }

        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
