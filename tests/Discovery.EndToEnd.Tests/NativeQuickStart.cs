using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests;

/// <summary>The QuickStart example as a native program. It starts for a fifth of the processor time that the build beside it takes, which tells where copies come and go by the dozen.</summary>
internal static class NativeQuickStart
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "native"); // stays there, so that only what has changed is compiled in the next run
    private static readonly Lazy<Task<string>> Publishing = new(() => DotnetCommand.RunAsync(
        RepositoryFiles.Root, Bound,
        "publish", "examples/QuickStart", "-c", "Release", "-p:PublishAot=true",
        "-p:RunAnalyzers=false", // those of the sources have run in the build of these tests; the native compiler has its own
        "--artifacts-path", Path.Combine(Folder, "artifacts"), "-o", Path.Combine(Folder, "out")));

    /// <summary>Compiles it, which takes a minute or two where it has not been yet.</summary>
    /// <returns>The program's path.</returns>
    public static async Task<string> GetAsync()
    {
        await Publishing.Value;
        return Path.Combine(Folder, "out", "QuickStart");
    }

    /// <summary>What the compiling wrote: a warning is an error in it, so that there would be no program.</summary>
    public static Task<string> GetOutputAsync() => Publishing.Value;
}
