using System.Runtime.InteropServices;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>What others own or may write, and what leads elsewhere, is not believed.</summary>
public sealed partial class DiskCacheTests
{
    private const int Nobody = 65534;

    [Fact]
    public async Task File_ThatIsASymbolicLink_IsNotFollowedAndReplaced()
    {
        await RememberAsync(Instances.Create("a"));
        var (file, elsewhere) = (Files().Single(), _folder.Combine("elsewhere"));
        File.Move(file, elsewhere);
        File.CreateSymbolicLink(file, elsewhere);
        var content = await File.ReadAllBytesAsync(elsewhere, Cancellation);

        await AssertIgnoredAsync("symbolic link");

        await RememberAsync(Instances.Create("b"));
        Assert.Null(new FileInfo(file).LinkTarget);
        Assert.Equal(content, await File.ReadAllBytesAsync(elsewhere, Cancellation));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task File_ThatOthersMayWrite_IsIgnored(UnixFileMode others)
    {
        await RememberAsync(Instances.Create("a"));
        File.SetUnixFileMode(Files().Single(), File.GetUnixFileMode(Files().Single()) | others);

        await AssertIgnoredAsync("written by others");
    }

    [Fact]
    public async Task File_OfAnotherUser_IsIgnored()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a file away");
        await RememberAsync(Instances.Create("a"));
        Assert.Equal(0, ChangeOwner(Files().Single(), Nobody, Nobody));

        await AssertIgnoredAsync("belongs to user 65534");
    }

    [Fact]
    public async Task Directory_OfAnotherUser_IsNeitherReadNorWritten()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a folder away");
        await RememberAsync(Instances.Create("a"));
        Assert.Equal(0, ChangeOwner(Cache, Nobody, Nobody));

        await AssertIgnoredAsync("belongs to user 65534");
        await RememberAsync(Instances.Create("b"), Instances.Create("c"));
        Assert.DoesNotContain("\"c\"", await File.ReadAllTextAsync(Files().Single(), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_ThatIsASymbolicLink_IsNeitherReadNorWritten()
    {
        await RememberAsync(Instances.Create("a"));
        var elsewhere = _folder.Combine("elsewhere");
        Directory.Move(Cache, elsewhere);
        Directory.CreateSymbolicLink(Cache, elsewhere);

        await AssertIgnoredAsync("symbolic link");
        await RememberAsync(Instances.Create("b"), Instances.Create("c"));
        Assert.DoesNotContain("\"c\"", await File.ReadAllTextAsync(Files().Single(), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ThatIsAPipe_IsNotWaitedFor()
    {
        await RememberAsync(Instances.Create("a"));
        var file = Files().Single();
        File.Delete(file);
        Assert.Equal(0, CreatePipe(file, 0x180));

        await AssertIgnoredAsync("no regular file");
    }

    private async Task AssertIgnoredAsync(string reason)
    {
        await using var host = Create(down: true);

        Assert.Equal(SnapshotSource.None, (await LookUpInVainAsync(host)).Source);
        Assert.Contains(reason, host.Log.Message(220), StringComparison.Ordinal);
    }

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreatePipe(string path, uint mode);
}
