using System.Runtime.Versioning;
using Discovery.Local.Configuration;
using Discovery.Local.Files;
using Discovery.Testing;

namespace Discovery.Local.Tests.Configuration;

[UnsupportedOSPlatform("windows")]
public sealed class DefaultDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Choose_HomeIsWritable_IsInItAndPrivate()
    {
        var chosen = Choose(_folder.Path);

        Assert.Equal(_folder.Combine("discovery-hosting"), chosen);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(chosen));
        Assert.Empty(Directory.GetFileSystemEntries(chosen));
    }

    [Fact]
    public void Choose_NoHome_IsThisUsersTemporaryOne() => Assert.Equal("/temporary/discovery-hosting-1000", Choose(""));

    [Theory]
    [InlineData("/proc/self")]
    [InlineData("/dev/null")]
    public void Choose_HomeCannotBeWritten_IsThisUsersTemporaryOne(string home) =>
        Assert.Equal("/temporary/discovery-hosting-1000", Choose(home));

    [Fact]
    public void Choose_FolderInHomeIsALink_IsThisUsersTemporaryOne()
    {
        Directory.CreateSymbolicLink(_folder.Combine("discovery-hosting"), Directory.CreateDirectory(_folder.Combine("elsewhere")).FullName);

        Assert.Equal("/temporary/discovery-hosting-1000", Choose(_folder.Path));
    }

    private static string Choose(string home) => DefaultDirectory.Choose(home, "/temporary", "1000", LockableFiles.OfThisSystem);
}
