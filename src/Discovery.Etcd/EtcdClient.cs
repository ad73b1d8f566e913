using Discovery.Etcd.Channels;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Discovery.Security;
using Mvccpb;

namespace Discovery.Etcd;

/// <summary>The few calls that we make of etcd, each with a deadline, each failure in the words of a registry.</summary>
internal sealed class EtcdClient : IDisposable
{
    // A member that has lost its leader ends a stream that says so, rather than keep it open and silent.
    private const string RequireLeader = "hasleader";

    /// <summary>etcd's own limit for a lease, in seconds.</summary>
    public const long MaxTtlSeconds = 9_000_000_000;

    private readonly TokenSource? _tokens;
    private readonly KV.KVClient _kv;
    private readonly Lease.LeaseClient _lease;

    /// <param name="options">Validated.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="connect">What stands for the way to a member and for the member; null for the network.</param>
    public EtcdClient(EtcdOptions options, TimeProvider time, ILoggerFactory loggers, Func<Uri, IEtcdChannel>? connect = null)
    {
        var secrets = new Secrets();
        Endpoints = new EtcdEndpoints(
            options.Endpoints.Select(endpoint => new Uri(endpoint)), options.Tls, secrets, time, loggers.CreateLogger<EtcdEndpoint>(), connect);
        CallInvoker invoker = new FailoverCallInvoker(Endpoints, time);
        if (options.Username is { Length: > 0 } user)
        {
            _tokens = new TokenSource(invoker, user, PasswordOf(options), secrets, time, loggers.CreateLogger<TokenSource>());
            invoker = invoker.Intercept(new TokenInterceptor(_tokens));
        }

        _kv = new KV.KVClient(invoker);
        _lease = new Lease.LeaseClient(invoker);
    }

    public EtcdEndpoints Endpoints { get; }

    /// <summary>All keys that start with <paramref name="prefix"/>, as the whole cluster agrees on them.</summary>
    public async Task<RangeResponse> RangeAsync(string prefix, bool keysOnly, string operation, CancellationToken cancellationToken)
    {
        var request = new RangeRequest { Key = KeyRange.StartOf(prefix), RangeEnd = KeyRange.EndOf(prefix), KeysOnly = keysOnly };
        var response = await CallAsync(_kv.RangeAsync, request, operation, $"read on prefix {prefix}", cancellationToken).ConfigureAwait(false);
        return response.Header is null ? throw Unreadable(operation) : response;
    }

    public async Task<PutResponse> PutAsync(PutRequest request, string operation, string permission, CancellationToken cancellationToken)
    {
        var response = await CallAsync(_kv.PutAsync, request, operation, permission, cancellationToken).ConfigureAwait(false);
        return response.Header is null ? throw Unreadable(operation) : response;
    }

    public async Task DeleteAsync(string key, string operation, string permission, CancellationToken cancellationToken)
    {
        var request = new DeleteRangeRequest { Key = ByteString.CopyFromUtf8(key) };
        var response = await CallAsync(_kv.DeleteRangeAsync, request, operation, permission, cancellationToken).ConfigureAwait(false);
        if (response.Header is null)
        {
            throw Unreadable(operation);
        }
    }

    /// <summary>One key, as the whole cluster agrees on it; null where there is none.</summary>
    public async Task<KeyValue?> FindAsync(string key, string operation, string permission, CancellationToken cancellationToken)
    {
        var response = await CallAsync(_kv.RangeAsync, new RangeRequest { Key = ByteString.CopyFromUtf8(key) }, operation, permission, cancellationToken).ConfigureAwait(false);
        return response.Header is null ? throw Unreadable(operation) : response.Kvs.FirstOrDefault();
    }

    /// <summary>Does all of one branch of the request, or none of it.</summary>
    public async Task<TxnResponse> TransactAsync(TxnRequest request, string operation, string permission, CancellationToken cancellationToken)
    {
        var response = await CallAsync(_kv.TxnAsync, request, operation, permission, cancellationToken).ConfigureAwait(false);
        var asked = response.Succeeded ? request.Success.Count : request.Failure.Count;
        return response.Header is null || response.Responses.Count != asked ? throw Unreadable(operation) : response;
    }

    public async Task<LeaseGrantResponse> GrantAsync(long ttlSeconds, CancellationToken cancellationToken)
    {
        const string Operation = "grant a lease";
        var response = await CallAsync(_lease.LeaseGrantAsync, new LeaseGrantRequest { TTL = ttlSeconds }, Operation, "any", cancellationToken).ConfigureAwait(false);

        // What is put under the lease 0 stays for ever.
        return response.ID == 0 || response.TTL is <= 0 or > MaxTtlSeconds ? throw Unreadable(Operation) : response;
    }

    /// <summary>Ends a lease and, with it, the keys under it. A lease that is gone is no error.</summary>
    public async Task RevokeAsync(long leaseId, string permission, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(_lease.LeaseRevokeAsync, new LeaseRevokeRequest { ID = leaseId }, "revoke a lease", permission, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException e) when (IsLeaseGone(e))
        {
            // What was to be achieved.
        }
    }

    public static bool IsLeaseGone(RegistryException e) => e.InnerException is RpcException cause && EtcdStatus.IsLeaseGone(cause);

    /// <summary>The token that a stream is to be opened with, or null where there is none.</summary>
    public Task<string?> GetTokenAsync(CancellationToken cancellationToken) => _tokens?.GetAsync(cancellationToken) ?? Task.FromResult<string?>(null);

    /// <summary>Another token than the one that a stream was refused with.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> RenewTokenAsync(string? refused, CancellationToken cancellationToken) =>
        _tokens?.RenewAsync(refused, cancellationToken) ?? Task.FromResult(false);

    public static AsyncDuplexStreamingCall<WatchRequest, WatchResponse> OpenWatch(EtcdEndpoint endpoint, string? token, CancellationToken cancellationToken) =>
        endpoint.Begin(invoker => new Watch.WatchClient(invoker).Watch(StreamHeaders(token), deadline: null, cancellationToken));

    public static AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> OpenKeepAlive(
        EtcdEndpoint endpoint, string? token, CancellationToken cancellationToken) =>
        endpoint.Begin(invoker => new Lease.LeaseClient(invoker).LeaseKeepAlive(StreamHeaders(token), deadline: null, cancellationToken));

    public void Dispose() => Endpoints.Dispose();

    private static Metadata StreamHeaders(string? token)
    {
        var headers = new Metadata { { RequireLeader, "true" } };
        if (token is not null)
        {
            headers.Add(TokenSource.Header, token);
        }

        return headers;
    }

    private static async Task<TResponse> CallAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TRequest request, string operation, string permission, CancellationToken cancellationToken)
    {
        try
        {
            return await call(request, new CallOptions(cancellationToken: cancellationToken)).ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException e)
        {
            throw EtcdErrors.Translate(e, operation, permission);
        }
    }

    private static RegistryException Unreadable(string operation) => new($"etcd could not {operation}: its answer is not one that etcd gives.");

    private static Func<string> PasswordOf(EtcdOptions options)
    {
        if (options.PasswordFile is { } path)
        {
            return new SecretFile(path).Read;
        }

        var password = options.Password ?? "";
        return () => password;
    }
}
