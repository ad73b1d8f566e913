using System.Globalization;
using Grpc.Core;

namespace Discovery.Etcd.Channels;

/// <summary>Tries each endpoint once, each within a time of its own, and stays with the one that answers.</summary>
/// <remarks>
/// <para>
/// Once, also where others move everybody on meanwhile: while a leader is elected, those that live are late, and the one that is dead is
/// not to be asked again instead of them.
/// </para><para>
/// A write whose answer was lost may be carried out twice. All of ours can be: puts and deletions say the same thing again,
/// and a lease that was granted in vain expires.
/// </para>
/// </remarks>
internal sealed class FailoverCallInvoker(EtcdEndpoints endpoints, TimeProvider time) : CallInvoker
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        UnaryCall.Of(CallAsync(method, host, options, request));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw OneEndpointOnly(method);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw OneEndpointOnly(method);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw OneEndpointOnly(method);

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException("Nothing here blocks a thread.");

    private static NotSupportedException OneEndpointOnly(IMethod method) => new($"{method.FullName} is a stream, which is opened at one endpoint.");

    private static RpcException Late(TimeSpan limit) => new(new Status(
        StatusCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.#} s")));

    private async Task<TResponse> CallAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        var startedAt = time.GetTimestamp();
        var hasAskedAgain = false;
        var untried = endpoints.ToList();
        var endpoint = endpoints.NextOf(untried);
        while (true)
        {
            var generation = endpoint.Generation;
            var limit = CallTimes.ForTry(CallTimes.Call - time.GetElapsedTime(startedAt), untried.Count);

            // Not gRPC's deadline, which is a time of day: one that is set back meanwhile would put it off by as much.
            using var late = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, late.Token);
            try
            {
                using var call = endpoint.Begin(
                    invoker => invoker.AsyncUnaryCall(method, host, options.WithCancellationToken(either.Token), request));
                var response = await call.ResponseAsync.ConfigureAwait(false);
                endpoint.Answered();
                return response;
            }
            catch (RpcException e) when (!options.CancellationToken.IsCancellationRequested)
            {
                var failed = endpoint.Failed(e.StatusCode == StatusCode.Cancelled && late.IsCancellationRequested ? Late(limit) : e);
                if (!EtcdStatus.IsEndpointFailure(e))
                {
                    throw failed;
                }

                // The endpoint answers, and has a leader again; or somebody has found its connection silent, and it has another: no reason to leave it.
                var isOver = time.GetElapsedTime(startedAt) >= CallTimes.Call;
                if ((EtcdStatus.IsLeaderChanged(e) || (endpoint.Generation != generation && endpoint == endpoints.Current)) && !hasAskedAgain && !isOver)
                {
                    hasAskedAgain = true;
                    continue;
                }

                endpoints.Leave(endpoint);
                untried.Remove(endpoint);
                if (untried.Count == 0 || isOver)
                {
                    throw failed;
                }

                endpoint = endpoints.NextOf(untried);
            }
        }
    }
}
