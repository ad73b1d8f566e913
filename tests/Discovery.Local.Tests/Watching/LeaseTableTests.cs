using System.Net.Sockets;
using Discovery.Local.Files;
using Discovery.Local.Leases;
using Discovery.Local.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Tests.Watching;

public sealed class LeaseTableTests : IAsyncDisposable
{
    private readonly LocalFolder _folder = new();
    private readonly FailingFiles _files = new();
    private readonly List<HeldFile> _held = [];
    private readonly LocalClient _client;
    private readonly LeaseTable _table;

    public LeaseTableTests()
    {
        _client = new LocalClient(_folder.Path, _files);
        _table = new LeaseTable(_client, TimeProvider.System, NullLogger.Instance);
    }

    public ValueTask DisposeAsync()
    {
        _held.ForEach(file => file.Dispose());
        return _folder.DisposeAsync();
    }

    // What was seen before the one that could not be read is news all the same, and the next look would not find it new.
    [Fact]
    public void Refresh_AfterOneThatFailedHalfWay_ReportsWhatThatHadSeen()
    {
        string[] names = [Publish("orders"), Publish("stock"), Publish("users")];
        _table.RefreshAll(_ => true);
        _held.ForEach(file => file.Dispose()); // all owners gone
        _files.Unreadable = Path.Combine(_folder.Path, names[1]);

        Assert.Throws<RegistryException>(() => _table.Refresh(names, _ => true));
        _files.Unreadable = null;
        var changed = _table.Refresh(names, _ => true);

        Assert.Equal(["orders", "stock", "users"], changed.Order());
        Assert.Empty(_table.LivingServices());
        Assert.Empty(_table.Refresh(names, _ => true));
    }

    [Fact]
    public void RefreshAll_WhereASocketHasTheNameOfALease_SkipsIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There a socket is no file that can be opened.");
        Publish("orders");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "lease~orders~a~b.json")));

        Assert.Equal(["orders"], _table.RefreshAll(_ => true));
        Assert.Equal(1, _table.SkippedCount);
    }

    private string Publish(string service)
    {
        var instance = LocalFolder.Instance(service, $"{service}-1") with { Incarnation = 1 };
        var name = LeaseFileName.Of(service, instance.Id);
        _held.Add(_client.Publish(name, LeaseFormat.Encode(instance, TimeSpan.FromHours(1), 1)));
        return name;
    }

    /// <summary>The system's own, of which one file cannot be read for now, as when a process has no descriptor left.</summary>
    private sealed class FailingFiles : LockableFiles
    {
        public string? Unreadable { get; set; }

        public override SafeFileHandle CreateLocked(string path) => OfThisSystem.CreateLocked(path);

        public override SafeFileHandle? OpenToRead(string path) =>
            path == Unreadable ? throw new IOException("Too many open files") : OfThisSystem.OpenToRead(path);

        public override SafeFileHandle? TryOpenLocked(string path) => OfThisSystem.TryOpenLocked(path);

        public override bool IsHeld(string path, SafeFileHandle file) => OfThisSystem.IsHeld(path, file);

        public override FileStamp Stamp(SafeFileHandle file) => OfThisSystem.Stamp(file);

        public override FileIdentity? Identify(string path) => OfThisSystem.Identify(path);

        public override void Replace(string path, string newPath) => OfThisSystem.Replace(path, newPath);

        public override void CreateFolder(string path) => OfThisSystem.CreateFolder(path);

        public override FileIdentity? IdentifyFolder(string path) => OfThisSystem.IdentifyFolder(path);
    }
}
