using Discovery.Local.Leases;
using Discovery.Testing.Conformance;

namespace Discovery.Local.Tests;

public sealed class LocalConformanceTests : RegistryConformance
{
    private readonly LocalFolder _folder = new();

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(_folder.Registry());

    protected override ValueTask CleanUpAsync() => _folder.DisposeAsync();
}

[Collection("Timing")]
public sealed class LocalExpiryConformanceTests : RegistryExpiryConformance
{
    private readonly LocalFolder _folder = new();

    // Others no longer see it, but its file is its owner's until the owner is gone: an owner that was stopped may go on.
    protected override bool RemovesWhatExpires => false;

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(_folder.Registry());

    protected override ValueTask CleanUpAsync() => _folder.DisposeAsync();
}

/// <summary>Down: something that is no folder stands in the folder's place.</summary>
public sealed class LocalOutageConformanceTests : RegistryOutageConformance
{
    private readonly LocalFolder _folder = new();

    private string Aside => _folder.Path + "-aside";

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(_folder.Registry());

    protected override async Task TakeDownAsync()
    {
        Directory.Move(_folder.Path, Aside);
        await File.WriteAllTextAsync(_folder.Path, "", Cancel);
    }

    protected override Task BringBackAsync(bool wiped)
    {
        File.Delete(_folder.Path);
        if (wiped)
        {
            Directory.Delete(Aside, recursive: true);
        }
        else
        {
            Directory.Move(Aside, _folder.Path);
        }

        return Task.CompletedTask;
    }

    protected override async ValueTask CleanUpAsync()
    {
        if (File.Exists(_folder.Path))
        {
            File.Delete(_folder.Path);
        }

        if (Directory.Exists(Aside))
        {
            Directory.Delete(Aside, recursive: true);
        }

        await _folder.DisposeAsync();
    }
}

public sealed class LocalUndecodableConformanceTests : RegistryUndecodableConformance
{
    private readonly LocalFolder _folder = new();
    private readonly List<HeldFile> _files = [];

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(_folder.Registry());

    protected override Task WriteUndecodableAsync(string serviceName, string id)
    {
        // Held, as a living owner's is: what nobody holds is not looked into.
        _files.Add(_folder.Client().Publish(LeaseFileName.Of(serviceName, id), """{"name":"?"}"""u8.ToArray()));
        return Task.CompletedTask;
    }

    protected override ValueTask CleanUpAsync()
    {
        _files.ForEach(file => file.Dispose());
        return _folder.DisposeAsync();
    }
}
