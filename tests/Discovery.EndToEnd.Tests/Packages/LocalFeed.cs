using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>The packages as <c>dotnet pack</c> makes them of what is built, in a folder that serves as a feed.</summary>
public sealed class LocalFeed : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Where the packages are.</summary>
    public string Path => _folder.Combine("feed");

    /// <summary>Their version: one that no other run has, since restored packages are kept by version.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}"[..20];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await DotnetCommand.RunAsync(
        RepositoryFiles.Root, Bound,
        "pack", "Discovery.Hosting.sln", "--no-build", "-c", QuickStartApp.Output.Parent!.Name, "-o", Path, $"-p:Version={Version}", "-v", "quiet");

    /// <summary>
    /// Makes a folder for a project that knows this feed beside the machine's own, and keeps what it installs from here in itself.
    /// </summary>
    internal FreshProject CreateProject(string name)
    {
        var folder = Directory.CreateDirectory(_folder.Combine(name)).FullName;
        var installed = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(System.IO.Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><add key="installed" value="{installed}" /></fallbackPackageFolders>
              <packageSources><add key="feed" value="{Path}" /></packageSources>
            </configuration>
            """);
        return new FreshProject(folder, Version);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
