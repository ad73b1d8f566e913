using System.Diagnostics;
using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.Registries;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What may happen to the folder that Local is.</summary>
[SupportedOSPlatform("linux")]
internal static class LocalFaults
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static Fault Deleted { get; } = new("the folder deleted again and again")
    {
        InjectAsync = stage =>
        {
            stage.Begin(async cancellation =>
            {
                while (true)
                {
                    Delete(Folder(stage));
                    stage.Position++;
                    await Task.Delay(500, cancellation);
                }
            });
            return Task.CompletedTask;
        },
        ProveAsync = stage => Testing.Eventually.HoldsAsync(() => stage.Position > 2, cancellationToken: TestContext.Current.CancellationToken),
        MendAsync = stage => stage.EndAsync(),
    };

    public static Fault ReplacedByAFile { get; } = new("a file in the place of the folder")
    {
        InjectAsync = stage =>
        {
            Directory.Move(Folder(stage), Folder(stage) + "-aside");
            return File.WriteAllTextAsync(Folder(stage), "", TestContext.Current.CancellationToken);
        },
        ProveAsync = stage =>
        {
            Assert.True(File.Exists(Folder(stage)));
            return Task.CompletedTask;
        },
        MendAsync = stage =>
        {
            File.Delete(Folder(stage));
            return Task.CompletedTask;
        },
    };

    public static Fault OpenToOthers { get; } = new("the folder made writable for everybody")
    {
        InjectAsync = stage =>
        {
            File.SetUnixFileMode(Folder(stage), OwnersOnly | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite);
            return Task.CompletedTask;
        },
        ProveAsync = stage =>
        {
            Assert.True(File.GetUnixFileMode(Folder(stage)).HasFlag(UnixFileMode.OtherWrite));
            return Task.CompletedTask;
        },
        MendAsync = stage =>
        {
            File.SetUnixFileMode(Folder(stage), OwnersOnly);
            return Task.CompletedTask;
        },
    };

    /// <summary>To root, for whom modes mean nothing, a folder that cannot be changed.</summary>
    public static Fault ReadOnly { get; } = new("the folder made read-only")
    {
        InjectAsync = stage => SetReadOnlyAsync(stage, isReadOnly: true),
        ProveAsync = stage =>
        {
            Assert.Throws<UnauthorizedAccessException>(() => File.WriteAllText(Path.Combine(Folder(stage), "proof"), ""));
            return Task.CompletedTask;
        },
        MendAsync = stage => SetReadOnlyAsync(stage, isReadOnly: false),
    };

    public static Fault FilesGarbled { get; } = new("all files overwritten with garbage")
    {
        InjectAsync = async stage =>
        {
            foreach (var file in Directory.GetFiles(Folder(stage), "lease~*.json"))
            {
                await File.WriteAllTextAsync(file, new string('#', 50), TestContext.Current.CancellationToken);
            }
        },
    };

    private static string Folder(Stage stage) => ((LocalUnderTest)stage.Registry).Directory;

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // somebody has just written into it, or it is gone already: there is a next time
        }
    }

    private static async Task SetReadOnlyAsync(Stage stage, bool isReadOnly)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(Folder(stage), isReadOnly ? UnixFileMode.UserRead | UnixFileMode.UserExecute : OwnersOnly);
            return;
        }

        using var process = Process.Start("chattr", [isReadOnly ? "+i" : "-i", Folder(stage)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode != 0, "This file system has no attribute that keeps root from writing.");
    }
}
