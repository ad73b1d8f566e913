using Discovery.Local.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Local.Tests;

public sealed class LocalServiceRegistryFactoryTests
{
    [Theory]
    [InlineData("leases")]
    [InlineData("~/leases")]
    [InlineData("   ")]
    [InlineData("/tmp/a\0b")]
    [InlineData("/etc/passwd")]
    public void Create_DirectoryNotAllowed_NamesSettingValueAndWhatIsAllowed(string directory)
    {
        using var provider = Provider(directory);
        var factory = provider.GetRequiredService<IServiceRegistryFactory>();

        var refused = Assert.Throws<OptionsValidationException>(factory.Create);

        Assert.Equal(
            [$"Discovery:Local:Directory is '{directory}'; allowed is the absolute path of a folder, or nothing for the user's own."],
            refused.Failures);
    }

    [Fact]
    public async Task Create_DirectoryGiven_IsSaidByTheDescriptionAndCreatesNothing()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"discovery-local-{Guid.NewGuid():N}");
        await using var provider = Provider(directory + "/");

        await using var registry = provider.GetRequiredService<IServiceRegistryFactory>().Create();

        Assert.Equal($"Local {directory}", registry.Description);
        Assert.Empty(registry.Endpoints);
        Assert.False(Directory.Exists(directory));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Create_DirectoryUnset_TakesTheDefault(string? directory)
    {
        using var defaultFolder = new DefaultFolder();
        await using var provider = Provider(directory);

        Assert.Equal(DefaultDirectory.Choose(), provider.GetRequiredService<IOptions<LocalOptions>>().Value.Directory);
        await using var registry = provider.GetRequiredService<IServiceRegistryFactory>().Create();
        Assert.Equal($"Local {DefaultDirectory.Choose()}", registry.Description);
    }

    [Fact]
    public void AddLocalServiceRegistry_Twice_IsOnceAndKeepsTheClockThereIs()
    {
        var clock = new FakeTimeProvider();
        var services = Services(null).AddSingleton<TimeProvider>(clock);

        using var provider = services.AddLocalServiceRegistry().AddLocalServiceRegistry().BuildServiceProvider();

        Assert.Equal("Local", Assert.Single(provider.GetServices<IServiceRegistryFactory>()).Name);
        Assert.Same(clock, provider.GetRequiredService<TimeProvider>());
    }

    /// <summary>Leaves this user's folder as it was.</summary>
    private sealed class DefaultFolder : IDisposable
    {
        private readonly string _path = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "discovery-hosting");
        private readonly bool _wasThere;

        public DefaultFolder() => _wasThere = Directory.Exists(_path);

        public void Dispose()
        {
            if (!_wasThere && Directory.Exists(_path) && !Directory.EnumerateFileSystemEntries(_path).Any())
            {
                Directory.Delete(_path);
            }
        }
    }

    private static ServiceProvider Provider(string? directory) => Services(directory).AddLocalServiceRegistry().BuildServiceProvider();

    private static ServiceCollection Services(string? directory)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("Discovery:Local:Directory", directory)]).Build());
        return services;
    }
}
