using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Local.Tests;

/// <summary>Attacks by other users and by links, and what is left open to them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class FolderTrustTests : IAsyncDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Nobody = 65534;

    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);

    private readonly LocalFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task RegisterAsync_FolderMissing_CreatesItAndTheFileForThisUserAlone()
    {
        var path = Path.Combine(_folder.Path, "deep", "er");
        await using var registry = RegistryOf(path);

        await registry.RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);

        Assert.Equal(Private | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        Assert.Equal(Private, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(path))));
    }

    [Fact]
    public async Task AnyMember_FolderIsASymbolicLink_IsDenied()
    {
        var link = _folder.Path + "-link";
        Directory.CreateSymbolicLink(link, _folder.Path);
        try
        {
            await AssertDeniedAsync(link);
        }
        finally
        {
            Directory.Delete(link);
        }
    }

    [Fact]
    public async Task AnyMember_FolderOfAnotherUser_IsDenied()
    {
        RequireRoot();
        ChangeOwner(_folder.Path);

        await AssertDeniedAsync(_folder.Path);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task AnyMember_FolderWritableByOthers_IsDenied(UnixFileMode others)
    {
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | others);

        await AssertDeniedAsync(_folder.Path);
    }

    [Fact]
    public async Task WatchAsync_FileOfAnotherUser_IsNotTrusted()
    {
        RequireRoot();
        await _folder.Registry().RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        ChangeOwner(_folder.LeaseFile());

        await AssertNothingSeenAsync();
    }

    [Fact]
    public async Task WatchAsync_FileWritableByOthers_IsNotTrusted()
    {
        await _folder.Registry().RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        File.SetUnixFileMode(_folder.LeaseFile(), Private | UnixFileMode.OtherWrite);

        await AssertNothingSeenAsync();
    }

    [Fact]
    public async Task WatchAsync_FileTrustedAgain_IsSeen()
    {
        await _folder.Registry().RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);

        File.SetUnixFileMode(_folder.LeaseFile(), Private | UnixFileMode.GroupWrite);
        await watcher.UntilAsync(seen => seen.Count == 0);
        File.SetUnixFileMode(_folder.LeaseFile(), Private);

        await watcher.UntilAsync(seen => seen.Count == 1);
    }

    [Fact]
    public async Task WatchAsync_FileIsASymbolicLinkToALease_IsNotFollowed()
    {
        await using var elsewhere = new LocalFolder();
        await elsewhere.Registry().RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        var link = Path.Combine(_folder.Path, Path.GetFileName(elsewhere.LeaseFile()));
        File.CreateSymbolicLink(link, elsewhere.LeaseFile());

        await AssertNothingSeenAsync();
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public async Task RegisterAsync_LinkUnderTheFilesName_ReplacesTheLinkAndLeavesItsTarget()
    {
        var registry = _folder.Registry();
        var first = await registry.RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        var file = _folder.LeaseFile();
        await first.RevokeAsync(Cancel);
        var target = Path.Combine(_folder.Path, "precious");
        await File.WriteAllTextAsync(target, "precious", Cancel);
        File.CreateSymbolicLink(file, target);

        await registry.RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);

        Assert.Null(new FileInfo(file).LinkTarget);
        Assert.Equal("precious", await File.ReadAllTextAsync(target, Cancel));
    }

    [Fact]
    public async Task WatchAsync_FileIsAPipe_DoesNotWait()
    {
        await _folder.Registry().RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        var file = _folder.LeaseFile();
        File.Delete(file);
        Assert.Equal(0, CreatePipe(file, 0x180));

        await AssertNothingSeenAsync();
    }

    private static LocalServiceRegistry RegistryOf(string path) =>
        new(new() { Directory = path }, TimeProvider.System, NullLogger<LocalServiceRegistry>.Instance);

    private static async Task AssertDeniedAsync(string path)
    {
        await using var registry = RegistryOf(path);
        await using var watcher = new Watcher(registry);
        RegistryException[] failures =
        [
            await Assert.ThrowsAsync<RegistryException>(() => registry.RegisterAsync(LocalFolder.Instance(), Ttl, Cancel)),
            await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancel)),
            await Assert.ThrowsAsync<RegistryException>(watcher.NextAsync),
        ];
        Assert.All(failures, failure =>
        {
            Assert.Equal(RegistryErrorKind.Denied, failure.Kind);
            Assert.Contains(path, failure.Message, StringComparison.Ordinal);
            Assert.Contains("Discovery:Local:Directory", failure.Message, StringComparison.Ordinal);
        });
    }

    private async Task AssertNothingSeenAsync()
    {
        await using var watcher = new Watcher(_folder.Registry());
        Assert.Empty((await watcher.NextAsync()).Upserts);
    }

    private static void RequireRoot() => Assert.SkipUnless(Environment.UserName == "root", "only root can give a file away");

    private static void ChangeOwner(string path) => Assert.Equal(0, ChangeOwner(path, Nobody, Nobody));

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreatePipe(string path, uint mode);
}
