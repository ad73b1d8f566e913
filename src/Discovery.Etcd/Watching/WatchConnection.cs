using System.Threading.Channels;
using Discovery.Etcd.Channels;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;

namespace Discovery.Etcd.Watching;

/// <summary>One watch stream to one endpoint, from its opening until it breaks.</summary>
internal sealed class WatchConnection : IDisposable
{
    // A request for progress would be the obvious probe, but etcd does not answer one while any watch of the stream is still
    // catching up. It answers every create at once, even one that it refuses.
    private static readonly WatchCreateRequest Probe = new()
    {
        Key = ByteString.CopyFromUtf8("/discovery-probe"),
        Filters = { WatchCreateRequest.Types.FilterType.Noput, WatchCreateRequest.Types.FilterType.Nodelete },
    };

    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;
    private readonly CancellationTokenSource _ending;
    private readonly Channel<WatchRequest> _outgoing = Channel.CreateUnbounded<WatchRequest>(new() { SingleReader = true });
    private readonly Action<WatchSubscription> _ended;
    private readonly Action<ResponseHeader?> _heard;
    private readonly Fragments _fragments = new();
    private readonly WatchTable _table;

    /// <param name="endpoint">Where it is opened.</param>
    /// <param name="token">The token it is opened with.</param>
    /// <param name="liveness">Is told of every response.</param>
    /// <param name="ended">Told of a watch that etcd has ended, before its observer is.</param>
    /// <param name="heard">Told what each response was given by, before anything of it is passed on.</param>
    /// <param name="disposed">Ends it.</param>
    public WatchConnection(
        EtcdEndpoint endpoint, string? token, WatchLiveness liveness, Action<WatchSubscription> ended, Action<ResponseHeader?> heard, CancellationToken disposed)
    {
        Endpoint = endpoint;
        Token = token;
        Generation = endpoint.Generation;
        Liveness = liveness;
        _ended = ended;
        _heard = heard;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(disposed);
        _table = new WatchTable(request => _outgoing.Writer.TryWrite(request));
        _call = EtcdClient.OpenWatch(endpoint, token, _ending.Token);
    }

    public EtcdEndpoint Endpoint { get; }

    public string? Token { get; }

    /// <summary>What of the endpoint it was opened on.</summary>
    public object Generation { get; }

    public WatchLiveness Liveness { get; }

    public void Create(WatchSubscription subscription) => _table.Create(subscription);

    public void Cancel(WatchSubscription subscription)
    {
        if (_table.Remove(subscription) is { } id)
        {
            SendCancel(id);
        }
    }

    /// <summary>Serves the watches until the stream ends.</summary>
    /// <exception cref="RpcException">Always: why it has ended.</exception>
    public async Task RunAsync()
    {
        var writing = WriteAsync();
        var watching = Liveness.WatchAsync(() => _table.AskAfter, Ask, _ending.Token);
        var reading = ReadAsync();
        var first = await Task.WhenAny(reading, watching).ConfigureAwait(false);
        _outgoing.Writer.TryComplete();
        await _ending.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(writing, reading, watching)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _call.Dispose();
        _ending.Dispose();
    }

    private bool Ask()
    {
        Endpoint.ReloadTls();
        return _table.TryProbe(Probe);
    }

    private async Task WriteAsync()
    {
        await foreach (var request in _outgoing.Reader.ReadAllAsync(_ending.Token).ConfigureAwait(false))
        {
            await _call.RequestStream.WriteAsync(request).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync()
    {
        IWatchObserver? told = null;
        while (await new NextResponse(_call.ResponseStream.MoveNext(CancellationToken.None), told))
        {
            var response = _call.ResponseStream.Current;
            Liveness.Heard();
            _heard(response.Header);
            told = Handle(response);
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "etcd has ended the watch stream"));
    }

    // No lock is held while observers are told: they subscribe and unsubscribe under locks of their own.
    private IWatchObserver? Handle(WatchResponse response)
    {
        if (response.Created)
        {
            OnCreated(response);
        }
        else if (_table.Find(response.WatchId) is { } subscription)
        {
            OnWatch(subscription, response);
            return subscription.Observer;
        }
        else if (response.Canceled)
        {
            _fragments.Forget(response.WatchId);
        }

        return null;
    }

    private void OnCreated(WatchResponse response)
    {
        var subscription = _table.Created(response, out var isWanted);
        if (subscription is null)
        {
            OnProbed(response);
        }
        else if (response.Canceled)
        {
            OnRefused(subscription, response.CancelReason, isWanted);
        }
        else if (!isWanted)
        {
            SendCancel(response.WatchId);
        }
        else if (subscription.IsAheadOf(response.Header))
        {
            Cancel(subscription);
            _ended(subscription);
            subscription.Observer.OnGap();
        }
    }

    private void OnRefused(WatchSubscription subscription, string reason, bool isWanted)
    {
        if (EtcdStatus.IsTokenRefusal(reason))
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, reason));
        }

        if (isWanted)
        {
            _ended(subscription);
            subscription.Refuse(reason, Endpoint);
        }
    }

    private void OnWatch(WatchSubscription subscription, WatchResponse response)
    {
        if (_fragments.Assemble(response) is { } events)
        {
            subscription.Deliver(events);
        }

        if (response.Canceled)
        {
            _table.Remove(subscription);
            _fragments.Forget(response.WatchId);
            _ended(subscription);
            if (response.CompactRevision > 0)
            {
                subscription.Observer.OnGap();
            }
            else
            {
                subscription.Refuse(response.CancelReason, Endpoint);
            }
        }
    }

    private void OnProbed(WatchResponse response)
    {
        if (!response.Canceled)
        {
            SendCancel(response.WatchId);
        }

        foreach (var subscription in _table.Active)
        {
            subscription.Observer.OnAlive();
        }
    }

    private void SendCancel(long watchId) =>
        _outgoing.Writer.TryWrite(new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = watchId } });
}
