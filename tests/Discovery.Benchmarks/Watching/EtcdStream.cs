using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Discovery.Benchmarks.Watching;

/// <summary>The limit: a bare gRPC watch stream and bare puts, with nothing kept.</summary>
internal sealed class EtcdStream : IDisposable
{
    public const string Prefix = "/services/orders/";

    private readonly GrpcChannel _channel;
    private readonly KV.KVClient _keys;

    public EtcdStream(Uri endpoint)
    {
        _channel = GrpcChannel.ForAddress(endpoint);
        _keys = new(_channel);
    }

    public async Task PutAsync(string id, string value) =>
        await _keys.PutAsync(new() { Key = ByteString.CopyFromUtf8(Prefix + id), Value = ByteString.CopyFromUtf8(value) });

    public async Task DeleteAsync(string id) => await _keys.DeleteRangeAsync(new() { Key = ByteString.CopyFromUtf8(Prefix + id) });

    public async Task FillAsync(IEnumerable<string> ids)
    {
        foreach (var chunk in ids.Chunk(100))
        {
            var together = new TxnRequest();
            together.Success.AddRange(chunk.Select(id => new RequestOp
            {
                RequestPut = new() { Key = ByteString.CopyFromUtf8(Prefix + id), Value = ByteString.CopyFromUtf8(Harness.Providers.EtcdValue(id)) },
            }));
            await _keys.TxnAsync(together);
        }
    }

    /// <summary>Tells the ID of each change until cancelled.</summary>
    public async Task WatchAsync(Action<string> changed, CancellationToken cancellationToken)
    {
        using var call = new Watch.WatchClient(_channel).Watch(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new()
        {
            CreateRequest = new() { Key = ByteString.CopyFromUtf8(Prefix), RangeEnd = ByteString.CopyFromUtf8(Prefix[..^1] + '0') },
        }, cancellationToken);
        try
        {
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                foreach (var change in call.ResponseStream.Current.Events)
                {
                    changed(change.Kv.Key.ToStringUtf8()[Prefix.Length..]);
                }
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    public void Dispose() => _channel.Dispose();
}
