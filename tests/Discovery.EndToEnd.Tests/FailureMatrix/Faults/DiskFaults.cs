using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What happens to the disk that callers keep their last good sets on.</summary>
internal static class DiskFaults
{
    /// <summary>The process keeps them on a small disk of its own, which is filled to the last byte.</summary>
    public static Fault CacheDiskFull { get; } = new("killed while the disk of a caller's cache is full")
    {
        PrepareAsync = stage => Eventually.HoldsAsync(() => Directory.GetFiles(stage.DiskOfProcess, "orders*.json").Length == 1, cancellationToken: TestContext.Current.CancellationToken),
        InjectAsync = async stage =>
        {
            Fill(Path.Combine(stage.DiskOfProcess, "filler"));
            await ChangeAsync(stage);
            await stage.Process.Process.WaitForLineAsync("is not remembered over a restart", cancellationToken: TestContext.Current.CancellationToken);
            await ServerFaults.Killed.InjectAsync(stage);
        },
        ProveAsync = async stage =>
        {
            var full = Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(stage.DiskOfProcess, "more"), new string('x', 8192)));
            Assert.Contains("disk was full", full.Message, StringComparison.Ordinal);
            Assert.Equal(stage.Living.Order(StringComparer.Ordinal), (await stage.Process.LookAsync(Stage.Service)).Ids);
        },
        MendAsync = async stage =>
        {
            if (stage.Process.Process.IsRunning)
            {
                File.Delete(Path.Combine(stage.DiskOfProcess, "filler"));
            }

            await ServerFaults.Killed.MendAsync(stage);
        },
        VerifyAsync = async stage =>
        {
            if (stage.Process.Process.IsRunning) // there is room again, and a set that the registry stands by
            {
                await stage.Process.Process.WaitForLineAsync("is remembered over a restart", TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
                var remembered = await File.ReadAllTextAsync(Directory.GetFiles(stage.DiskOfProcess, "orders*.json").Single(), TestContext.Current.CancellationToken);
                Assert.All(stage.Living, id => Assert.Contains(id, remembered, StringComparison.Ordinal));
            }
        },
    };

    /// <summary>Something else has taken the place of the folder; the set changes meanwhile, and is to be written there.</summary>
    public static Fault CacheFolderGone { get; } = new("killed while a caller's cache folder cannot be used")
    {
        PrepareAsync = stage => Eventually.HoldsAsync(
            () => Directory.Exists(stage.CacheOfCaller) && Directory.GetFiles(stage.CacheOfCaller, "orders*.json").Length == 1, cancellationToken: TestContext.Current.CancellationToken),
        InjectAsync = async stage =>
        {
            await Eventually.HoldsAsync(() => TryReplaceByAFile(stage.CacheOfCaller), cancellationToken: TestContext.Current.CancellationToken);
            await ChangeAsync(stage);
            await ServerFaults.Killed.InjectAsync(stage);
        },
        ProveAsync = async stage =>
        {
            await ServerFaults.Killed.ProveAsync(stage);
            Assert.False(Directory.Exists(stage.CacheOfCaller));
        },
        MendAsync = ServerFaults.Killed.MendAsync,
    };

    // The caller may be writing there at this moment.
    private static bool TryReplaceByAFile(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Move(folder, $"{folder}-{Guid.NewGuid():N}");
            }

            File.WriteAllText(folder, "");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        Assert.Throws<IOException>(() => WriteForEver(file));
    }

    private static void WriteForEver(FileStream file)
    {
        while (true)
        {
            file.Write(new byte[512]);
        }
    }

    /// <summary>The set is another one for a moment, and is written anew.</summary>
    private static async Task ChangeAsync(Stage stage)
    {
        var guest = new ServiceInstance { ServiceName = Stage.Service, Id = "guest", Endpoints = [stage.Copies[0].Address] };
        await stage.Copies[0].Registrar.RegisterAsync(guest, TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(async () => (await stage.Process.LookAsync(Stage.Service)).Ids.Contains("guest"), cancellationToken: TestContext.Current.CancellationToken);
        await stage.Copies[0].Registrar.DeregisterAsync(Stage.Service, "guest", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(async () => !(await stage.Process.LookAsync(Stage.Service)).Ids.Contains("guest"), cancellationToken: TestContext.Current.CancellationToken);
    }
}
