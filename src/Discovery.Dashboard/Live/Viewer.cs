using System.Threading.Channels;

namespace Discovery.Dashboard.Live;

/// <summary>Somebody who looks on, and what is still to be sent there: a bounded number of messages, which all viewers share.</summary>
internal sealed class Viewer : IDisposable
{
    /// <summary>How many messages may wait: at two a second that is eight seconds behind.</summary>
    public const int Capacity = 16;

    private readonly Channel<ReadOnlyMemory<byte>> _messages = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, AllowSynchronousContinuations = false });
    private readonly CancellationTokenSource _dropped = new();
    private readonly Action<Viewer> _leave;

    public Viewer(Action<Viewer> leave)
    {
        _leave = leave;
        Dropped = _dropped.Token;
    }

    /// <summary>Cancelled when it was too slow and gets nothing more.</summary>
    public CancellationToken Dropped { get; }

    /// <returns>False where so much waits already that the viewer is dropped.</returns>
    public bool TrySend(ReadOnlyMemory<byte> message) => _messages.Writer.TryWrite(message);

    /// <summary>Nothing more is sent; what waits still is.</summary>
    public void End() => _messages.Writer.TryComplete();

    /// <summary>Gives up what waits. Returns at once.</summary>
    public void Drop()
    {
        End();
        _ = _dropped.CancelAsync();
    }

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => _messages.Reader.ReadAllAsync(cancellationToken);

    public void Dispose() => _leave(this);
}
