using System.Runtime.Versioning;
using Discovery.Local.Files;
using Discovery.Local.Leases;

namespace Discovery.Local.Tests;

public sealed class LocalClientTests : IAsyncDisposable
{
    private const string Name = "lease~orders~1~1.json";

    private readonly LocalFolder _folder = new();

    private LocalClient Client => new(_folder.Path, LockableFiles.OfThisSystem);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    // As far as this goes, Windows' way of opening files is every system's.
    [Fact]
    [SupportedOSPlatform("windows")]
    public void OpenToRead_FolderThatIsNotThere_IsNoFileOnAnySystem()
    {
        var missing = Path.Combine(_folder.Path, "gone", "lease");

        Assert.Null(LockableFiles.OfThisSystem.OpenToRead(missing));
        Assert.Null(new WindowsFiles().OpenToRead(missing));
        Assert.Null(new WindowsFiles().TryOpenLocked(missing));
    }

    [Fact]
    public void Read_HeldAndThenLetGo_SaysSo()
    {
        var held = Client.Publish(Name, "one"u8.ToArray());
        var reading = Client.Read(Name, known: default);
        Assert.Equal(LeaseFileState.Held, reading.State);
        Assert.Equal("one"u8.ToArray(), reading.Content);
        Assert.Null(Client.Read(Name, reading.Stamp).Content);

        held.Dispose();

        Assert.Equal(LeaseFileState.Abandoned, Client.Read(Name, known: default).State);
        Client.DeleteAbandoned(Name);
        Assert.Equal(LeaseFileState.Missing, Client.Read(Name, known: default).State);
    }

    [Fact]
    public void DeleteAbandoned_Held_LeavesIt()
    {
        using var held = Client.Publish(Name, "one"u8.ToArray());

        Client.DeleteAbandoned(Name);

        Assert.Equal(held.Identity, Client.Identify(Name));
    }

    [Fact]
    public void DeleteHeld_ReplacedByAnother_LeavesTheOther()
    {
        using var first = Client.Publish(Name, "one"u8.ToArray());
        using var second = Client.Publish(Name, "two"u8.ToArray());

        Client.DeleteHeld(Name, first.Identity);

        Assert.Equal(second.Identity, Client.Identify(Name));
        Assert.Equal([Path.Combine(_folder.Path, Name)], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("/proc/no-such-place/leases")]
    [InlineData("/dev/null/leases")]
    public void EnsureFolder_CannotBeCreated_ThrowsWithFolderAndSetting(string folder)
    {
        var failure = Assert.Throws<RegistryException>(() => new LocalClient(folder, LockableFiles.OfThisSystem).EnsureFolder());

        Assert.Contains($"Local {folder} (Discovery:Local:Directory)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_WhileOthersReadAndClearUp_IsNeverMissingNorHalf()
    {
        var cancel = TestContext.Current.CancellationToken;
        var contents = Enumerable.Range(0, 4).Select(i => Enumerable.Repeat((byte)i, 4096).ToArray()).ToArray();
        var held = Client.Publish(Name, contents[0]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var readings = 0;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Client.DeleteAbandoned(Name);
                var reading = Client.Read(Name, known: default);
                if (reading.State == LeaseFileState.Held)
                {
                    Assert.Equal(4096, reading.Content!.Length);
                    Assert.Single(reading.Content.Distinct());
                    Interlocked.Increment(ref readings);
                }
            }
        }, cancel)).ToList();

        var lost = 0;
        for (var i = 0; i < 2000; i++)
        {
            var next = Client.Publish(Name, contents[i % contents.Length]);
            held.Dispose();
            held = next;
            lost += Client.Identify(Name) == held.Identity ? 0 : 1;
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);

        // Where a file was let go, replaced and cleared up all at once, it may be aside for a moment, but it is put back.
        Assert.Equal(held.Identity, Client.Identify(Name));
        Assert.InRange(lost, 0, 20);
        Assert.True(readings > 100);
        held.Dispose();
    }
}
