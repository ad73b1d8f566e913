using System.Threading.Channels;
using Discovery.Etcd.Channels;
using Etcdserverpb;
using Grpc.Core;

namespace Discovery.Etcd.Leases;

/// <summary>One keep-alive stream to one endpoint, from its opening until it breaks.</summary>
internal sealed class KeepAliveConnection : IDisposable
{
    private readonly AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> _call;
    private readonly CancellationTokenSource _ending;
    private readonly Channel<LeaseKeepAliveRequest> _outgoing = Channel.CreateUnbounded<LeaseKeepAliveRequest>(new() { SingleReader = true });
    private readonly Dictionary<long, TaskCompletionSource<TimeSpan>> _waiting = [];
    private readonly Lock _gate = new();
    private RpcException? _failure;

    public KeepAliveConnection(EtcdEndpoint endpoint, string? token, CancellationToken disposed)
    {
        Endpoint = endpoint;
        Token = token;
        Generation = endpoint.Generation;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(disposed);
        _call = EtcdClient.OpenKeepAlive(endpoint, token, _ending.Token);
        _ = WriteAsync();
        _ = ReadAsync();
    }

    public EtcdEndpoint Endpoint { get; }

    public string? Token { get; }

    /// <summary>What of the endpoint it was opened on.</summary>
    public object Generation { get; }

    /// <summary>Whether nobody waits for an answer.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0;
            }
        }
    }

    public bool IsBroken
    {
        get
        {
            lock (_gate)
            {
                return _failure is not null;
            }
        }
    }

    /// <summary>Sends a keep-alive; one that is already on its way for the same lease serves both callers.</summary>
    /// <exception cref="RpcException">The stream is broken.</exception>
    public Task<TimeSpan> SendAsync(long leaseId)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            if (_waiting.TryGetValue(leaseId, out var waiting))
            {
                return waiting.Task;
            }

            _waiting[leaseId] = waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _outgoing.Writer.TryWrite(new LeaseKeepAliveRequest { ID = leaseId });
            return waiting.Task;
        }
    }

    /// <summary>Ends the stream and fails those who wait for it.</summary>
    /// <returns>False when somebody else has already ended it.</returns>
    public bool Break(RpcException failure)
    {
        TaskCompletionSource<TimeSpan>[] waiting;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return false;
            }

            _failure = failure;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        _outgoing.Writer.TryComplete();
        _ending.Cancel();
        foreach (var source in waiting)
        {
            source.TrySetException(failure);
            _ = source.Task.Exception; // whoever waited for it may have given up
        }

        return true;
    }

    public void Dispose()
    {
        Break(new RpcException(new Status(StatusCode.Cancelled, "closed")));
        _call.Dispose();
        _ending.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var request in _outgoing.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await _call.RequestStream.WriteAsync(request).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException or HttpRequestException or OperationCanceledException)
        {
            // The reading side hears of a broken stream as well, and knows why. A connection that breaks at the moment of a write ends it with the transport's
            // own exception.
        }
    }

    private async Task ReadAsync()
    {
        var failure = new RpcException(new Status(StatusCode.Unavailable, "etcd has ended the keep-alive stream"));
        try
        {
            await foreach (var response in _call.ResponseStream.ReadAllAsync().ConfigureAwait(false))
            {
                Complete(response);
            }
        }
        catch (RpcException e)
        {
            failure = e;
        }

        Break(failure);
    }

    private void Complete(LeaseKeepAliveResponse response)
    {
        TaskCompletionSource<TimeSpan>? waiting;
        lock (_gate)
        {
            _waiting.Remove(response.ID, out waiting);
        }

        waiting?.TrySetResult(TimeSpan.FromSeconds(Math.Clamp(response.TTL, 0, EtcdClient.MaxTtlSeconds)));
    }
}
