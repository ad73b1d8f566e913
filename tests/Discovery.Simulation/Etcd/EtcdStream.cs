using Discovery.Simulation.Network;
using Grpc.Core;

namespace Discovery.Simulation.Etcd;

/// <summary>A stream in both directions as the process has it.</summary>
internal sealed class EtcdStream<TRequest, TResponse> : IClientStreamWriter<TRequest>, IAsyncStreamReader<TResponse>, IDisposable
{
    private readonly string _what;
    private readonly CancellationTokenRegistration _cancelling;
    private readonly CancellationTokenRegistration _letGo;

    public EtcdStream(Link link, string what, CancellationToken cancelled, CancellationToken disposed)
    {
        _what = what;
        Pipe = new Pipe<TRequest, TResponse>(link, what, static reason => new RpcException(new Status(StatusCode.Unavailable, reason)));
        _cancelling = cancelled.Register(Cancel);
        _letGo = disposed.Register(Cancel);
    }

    public Pipe<TRequest, TResponse> Pipe { get; }

    public WriteOptions? WriteOptions { get; set; }

    public TResponse Current { get; private set; } = default!;

    public Task WriteAsync(TRequest message)
    {
        if (Pipe.IsClosed)
        {
            throw new InvalidOperationException("Can't write the message because the call is complete.");
        }

        Pipe.Send(message, _what);
        return Task.CompletedTask;
    }

    public Task CompleteAsync() => Task.CompletedTask;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        while (await Pipe.Reader.WaitToReadAsync(cancellationToken))
        {
            if (Pipe.Reader.TryRead(out var message))
            {
                Current = message;
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        Cancel();
        _cancelling.Dispose();
        _letGo.Dispose();
    }

    private void Cancel() => Pipe.Cancel(new RpcException(new Status(StatusCode.Cancelled, "Call canceled by the client.")));
}
