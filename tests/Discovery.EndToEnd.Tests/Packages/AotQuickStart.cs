using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>QuickStart as a native program, published into folders of its own: other tests run the build that lies beside it.</summary>
public sealed class AotQuickStart : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    /// <summary>The program.</summary>
    public string Program => Path.Combine(_folder.Combine("out"), "QuickStart");

    /// <summary>What the publishing wrote: a warning is an error here, so that it would not have come to its end.</summary>
    public string Output { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Output = await DotnetCommand.RunAsync(
        RepositoryFiles.Root, Bound,
        "publish", "examples/QuickStart", "-c", "Release", "-p:PublishAot=true",
        "-p:RunAnalyzers=false", // those of the sources have run in the build of these tests; the native compiler has its own
        "--artifacts-path", _folder.Combine("artifacts"), "-o", _folder.Combine("out"));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
