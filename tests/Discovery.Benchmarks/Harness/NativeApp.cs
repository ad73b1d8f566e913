using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.Benchmarks.Harness;

/// <summary>The app of <see cref="ChildApp"/>, published as a native program.</summary>
internal sealed class NativeApp : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private NativeApp()
    {
    }

    /// <summary>The program.</summary>
    public string Program => Path.Combine(_folder.Combine("out"), "Discovery.Benchmarks.App");

    public double SizeMiB => new FileInfo(Program).Length / 1024.0 / 1024.0;

    public static async Task<NativeApp> PublishAsync()
    {
        var app = new NativeApp();
        await DotnetCommand.RunAsync(
            RepositoryFiles.Root, TimeSpan.FromMinutes(10),
            "publish", ChildApp.Project, "-c", "Release", "-p:PublishAot=true", "--artifacts-path", app._folder.Combine("artifacts"), "-o", app._folder.Combine("out"));
        return app;
    }

    public void Dispose() => _folder.Dispose();
}
