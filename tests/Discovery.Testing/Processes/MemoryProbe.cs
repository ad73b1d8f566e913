using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Discovery.Testing.Processes;

/// <summary>
/// Has a process of its own tell how much managed memory it uses: not what its collector happens to keep in hand, which depends on the machine and on how long ago it
/// collected. The runtime loads this assembly into the app before the app's own code; nothing in the app knows of it.
/// </summary>
/// <param name="folder">Where the app writes what it has measured; nobody else's.</param>
[SupportedOSPlatform("linux")]
public sealed partial class MemoryProbe(string folder)
{
    private const string FileVariable = "DISCOVERY_TEST_MEMORY_FILE";

    private static IDisposable? s_listening;

    private readonly string _file = Path.Combine(folder, "memory");

    /// <summary>The environment variables that make an app answer.</summary>
    public IReadOnlyList<(string Name, string? Value)> Settings =>
        [("DOTNET_STARTUP_HOOKS", typeof(MemoryProbe).Assembly.Location), (FileVariable, _file)];

    /// <summary>Collects all garbage of this process, gives back to the system what it can, and measures what is left.</summary>
    /// <returns>The bytes of its managed objects.</returns>
    public static long Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers(); // what they held on to is garbage now
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        _ = TrimNative(pad: 0); // what the C library keeps of what was freed, most of it by the compiler, for each thread that has ever asked at the same time as others
        return heap.HeapSizeBytes - heap.FragmentedBytes;
    }

    /// <summary>Has an app that was started with <see cref="Settings"/> collect its garbage, and asks what is left.</summary>
    /// <returns>The bytes of its managed objects; the memory that it did not need any more has been given back by then.</returns>
    public async Task<long> AskAsync(AppProcess app, CancellationToken cancellationToken)
    {
        File.Delete(_file);
        app.Send(Signal.User1);
        await Eventually.HoldsAsync(() => File.Exists(_file), cancellationToken: cancellationToken);
        return long.Parse(await File.ReadAllTextAsync(_file, cancellationToken), CultureInfo.InvariantCulture);
    }

    /// <summary>Within the app: answers from now on.</summary>
    internal static void Listen()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable) ?? throw new InvalidOperationException($"{FileVariable} is not set.");
        s_listening = PosixSignalRegistration.Create((PosixSignal)Signal.User1, signal =>
        {
            signal.Cancel = true; // or it would end the app
            File.WriteAllText(file + ".new", Collect().ToString(CultureInfo.InvariantCulture));
            File.Move(file + ".new", file); // appears complete
        });
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int TrimNative(nuint pad);
}
