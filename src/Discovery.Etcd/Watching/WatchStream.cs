using Discovery.Etcd.Channels;
using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Watching;

/// <summary>
/// The one stream that serves all watches of the process. Where it breaks, it is opened anew at the next endpoint and every watch
/// is resumed from the revision after the last event it has seen; where none of the endpoints answers, all watches are lost.
/// </summary>
internal sealed partial class WatchStream(EtcdClient client, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // A stream that breaks as soon as it is opened, time and again, is not to become a busy loop.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    // A stream that lives for less is one that etcd, or what answers in its place, does not serve.
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(1);
    private const int MaxShortLives = 10;

    private readonly WatchSubscriptions _subscriptions = new();
    private readonly ClusterHistory _history = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _gate = new();
    private Task? _running;

    public WatchSubscription Subscribe(WatchSubscription subscription)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            _subscriptions.Add(subscription);
            _running ??= Task.Run(RunAsync);
        }

        return subscription;
    }

    public void Unsubscribe(WatchSubscription? subscription)
    {
        if (subscription is not null)
        {
            _subscriptions.Remove(subscription);
        }
    }

    /// <summary>Has every watch list again: there is a sign that the cluster is not the one they have followed.</summary>
    public void ListAgain() => _subscriptions.ListAgain();

    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            running = _running;
        }

        await _disposed.CancelAsync().ConfigureAwait(false);
        if (running is not null)
        {
            await running.ConfigureAwait(false);
        }

        _subscriptions.Lose(new RegistryException("The registry was disposed of."));
    }

    private async Task RunAsync()
    {
        try
        {
            await ServeAllAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Whatever it is: nobody serves them any more, and those who watch must know.
            lock (_gate)
            {
                _running = null;
            }

            _subscriptions.Lose(new RegistryException($"etcd cannot be watched: {failure.Message}", failure));
        }
    }

    private async Task ServeAllAsync()
    {
        var shortLives = 0;
        List<EtcdEndpoint> untried = [];
        while (!IsIdle())
        {
            untried = untried.Count > 0 ? untried : client.Endpoints.ToList();
            var openedAt = time.GetTimestamp();
            var (hasHeard, failure) = await ServeAsync(untried).ConfigureAwait(false);
            untried = hasHeard ? client.Endpoints.ToList() : untried;
            shortLives = time.GetElapsedTime(openedAt) < ShortLife ? shortLives + 1 : 0;
            if (failure is { } lost
                && (untried.Count == 0 || shortLives >= MaxShortLives || lost.Kind != RegistryErrorKind.Unavailable))
            {
                untried = [];
                shortLives = 0;
                _subscriptions.Lose(lost);
            }
            else if (hasHeard && time.GetElapsedTime(openedAt) < Pace)
            {
                await Task.Delay(Pace, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Opens the stream and serves all watches through it for as long as it lasts.</summary>
    /// <param name="untried">The endpoints that have not been tried; the one that is tried is taken out.</param>
    /// <returns>Whether it ever answered, and why it broke; no reason where it only needs another token.</returns>
    private async Task<(bool HasHeard, RegistryException? Failure)> ServeAsync(List<EtcdEndpoint> untried)
    {
        WatchConnection? connection = null;
        try
        {
            var token = await client.GetTokenAsync(_disposed.Token).ConfigureAwait(false);
            var liveness = new WatchLiveness(CallTimes.ForTry(CallTimes.Call, untried.Count), time);
            connection = new WatchConnection(client.Endpoints.NextOf(untried), token, liveness, _subscriptions.Ended, Heard, _disposed.Token);
            _subscriptions.Connect(connection);
            await connection.RunAsync().ConfigureAwait(false);
            return (false, null);
        }
        catch (RpcException e) when (connection is not null && EtcdStatus.IsTokenRefused(e))
        {
            var isRenewed = await RenewAsync(connection.Token).ConfigureAwait(false);
            return (true, isRenewed ? null : Translate(e));
        }
        catch (RpcException e)
        {
            return (connection?.Liveness.HasHeard ?? false, Leave(connection, e));
        }
        catch (RegistryException e)
        {
            return (false, e);
        }
        catch (OperationCanceledException)
        {
            return (false, null);
        }
        finally
        {
            untried.Remove(connection?.Endpoint ?? client.Endpoints.NextOf(untried)); // a log-in that fails is a try as well
            _subscriptions.Disconnect();
            connection?.Dispose();
        }
    }

    private async Task<bool> RenewAsync(string? refused)
    {
        try
        {
            LogTokenRefused();
            return await client.RenewTokenAsync(refused, _disposed.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or RegistryException or OperationCanceledException)
        {
            return false; // the refusal says more than the failure to get around it
        }
    }

    private RegistryException? Leave(WatchConnection? connection, RpcException e)
    {
        if (_disposed.IsCancellationRequested)
        {
            return null;
        }

        if (connection is null)
        {
            return Translate(e); // the log-in has failed at every endpoint
        }

        var endpoint = connection.Endpoint;
        if (connection.Generation != endpoint.Generation && connection.Liveness.HasHeard)
        {
            return null; // its connection was let go of for a newer one, which it moves to
        }

        var told = endpoint.Failed(e);
        if (connection.Liveness.HasHeard)
        {
            LogBroken(endpoint.Address, told.StatusCode, told.Status.Detail);
        }
        else
        {
            LogNotOpened(endpoint.Address, told.StatusCode, told.Status.Detail);
        }

        client.Endpoints.Leave(endpoint);
        if (connection.Liveness.WasSilent || connection.Liveness.HasHeard)
        {
            endpoint.Reconnect(); // the next stream would otherwise be opened on the connection that is just dying
        }

        return Translate(told);
    }

    private static RegistryException Translate(RpcException e) => EtcdErrors.Translate(e, "watch", "read on the watched prefix");

    private bool IsIdle()
    {
        lock (_gate)
        {
            var isIdle = _subscriptions.IsEmpty || _disposed.IsCancellationRequested;
            _running = isIdle ? null : _running;
            return isIdle;
        }
    }

    private void Heard(ResponseHeader? header)
    {
        if (!_history.GoesOn(header))
        {
            LogAnotherHistory();
            ListAgain();
        }
    }
}
