using Discovery.Etcd.Channels;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Leases;

/// <summary>The one stream that all leases of the process are kept alive through. It is opened when it is needed, at the endpoint in use then.</summary>
internal sealed partial class KeepAliveStream(EtcdClient client, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const string Operation = "keep a lease alive";

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly CancellationTokenSource _disposed = new();
    private volatile KeepAliveConnection? _connection;
    private volatile bool _isReported;

    /// <summary>Keeps one lease alive, at the next endpoint where the stream does not answer: each is tried once.</summary>
    /// <param name="leaseId">The lease.</param>
    /// <param name="ttl">Its lifetime: the shorter it is, the sooner an endpoint that is silent is left.</param>
    /// <returns>How long the lease has from now on; 0 when etcd does not know it any more.</returns>
    /// <exception cref="RegistryException">No endpoint answered in time.</exception>
    public async Task<TimeSpan> KeepAliveAsync(long leaseId, TimeSpan ttl)
    {
        var startedAt = time.GetTimestamp();
        var renewed = false;
        var untried = client.Endpoints.ToList();
        var limit = CallTimes.ForKeepAlive(untried.Count, ttl);
        while (true)
        {
            KeepAliveConnection? connection = null;
            try
            {
                connection = await ConnectAsync(untried).ConfigureAwait(false);
                var timeout = CallTimes.ForKeepAliveTry(limit - time.GetElapsedTime(startedAt), untried.Count, ttl);
                var remaining = await connection.SendAsync(leaseId).WaitAsync(timeout, time).ConfigureAwait(false);
                _isReported = false;
                return remaining;
            }
            catch (RpcException e) when (connection is not null && !renewed && EtcdStatus.IsTokenRefused(e))
            {
                renewed = true;
                if (!await client.RenewTokenAsync(connection.Token, _disposed.Token).ConfigureAwait(false))
                {
                    throw EtcdErrors.Translate(e, Operation, "any");
                }
            }
            catch (Exception e) when (connection is not null && e is RpcException or TimeoutException)
            {
                var failure = Leave(connection!, e);
                untried.Remove(connection!.Endpoint); // perhaps it was before, and another lease has opened the stream there once more
                if (untried.Count == 0 || time.GetElapsedTime(startedAt) >= limit)
                {
                    throw EtcdErrors.Translate(failure, Operation, "any");
                }
            }
            catch (RpcException e)
            {
                throw EtcdErrors.Translate(e, "log in", "any");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync().ConfigureAwait(false);
        _connection?.Dispose();
    }

    private async Task<KeepAliveConnection> ConnectAsync(List<EtcdEndpoint> untried)
    {
        await _opening.WaitAsync(_disposed.Token).ConfigureAwait(false);
        try
        {
            client.Endpoints.Current.ReloadTls();
            if (_connection is { IsBroken: false } open && (open.Generation == open.Endpoint.Generation || !open.IsIdle))
            {
                return open;
            }

            _connection?.Dispose();
            var token = await client.GetTokenAsync(_disposed.Token).ConfigureAwait(false);
            var endpoint = client.Endpoints.NextOf(untried);
            LogOpened(endpoint.Address);
            return _connection = new KeepAliveConnection(endpoint, token, _disposed.Token);
        }
        finally
        {
            _opening.Release();
        }
    }

    private RpcException Leave(KeepAliveConnection connection, Exception e)
    {
        var endpoint = connection.Endpoint;
        var failure = e as RpcException ?? new RpcException(new Status(StatusCode.DeadlineExceeded, "no answer to a keep-alive", e));
        var told = endpoint.Failed(failure);
        if (!_isReported)
        {
            _isReported = true; // until a keep-alive is acknowledged again
            LogBroken(endpoint.Address, $"{told.Status.Detail.TrimEnd('.')}.");
        }

        if (connection.Break(failure))
        {
            endpoint.Reconnect(); // broken by nobody but us: it was silent
        }

        client.Endpoints.Leave(endpoint);
        return told;
    }
}
