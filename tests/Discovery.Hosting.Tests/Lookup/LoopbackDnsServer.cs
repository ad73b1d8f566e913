using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>A name server on loopback that answers from a table, over UDP.</summary>
internal sealed class LoopbackDnsServer : IAsyncDisposable
{
    private const ushort A = 1;
    private const ushort Aaaa = 28;
    private const ushort Srv = 33;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly ConcurrentDictionary<(string Name, ushort Type), List<(uint Ttl, byte[] Data)>> _records = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;
    private int _queries;

    public LoopbackDnsServer() => _serving = ServeAsync();

    public string Address => _socket.Client.LocalEndPoint!.ToString()!;

    public int Queries => Volatile.Read(ref _queries);

    /// <summary>What is made of each answer before it is sent.</summary>
    public Func<byte[], byte[]> Spoil { get; set; } = answer => answer;

    public void AddAddress(string name, string address, uint ttl = 60)
    {
        var parsed = IPAddress.Parse(address);
        Add(name, parsed.AddressFamily == AddressFamily.InterNetwork ? A : Aaaa, ttl, parsed.GetAddressBytes());
    }

    public void AddService(string name, string target, ushort port, ushort priority = 0, ushort weight = 1, uint ttl = 60)
    {
        var data = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(data, priority);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), weight);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(4), port);
        Add(name, Srv, ttl, [.. data, .. Encode(target)]);
    }

    public void Clear() => _records.Clear();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stopping.Dispose();
    }

    private void Add(string name, ushort type, uint ttl, byte[] data) =>
        _records.AddOrUpdate((name, type), _ => [(ttl, data)], (_, known) => [.. known, (ttl, data)]);

    private async Task ServeAsync()
    {
        while (true)
        {
            var query = await _socket.ReceiveAsync(_stopping.Token);
            Interlocked.Increment(ref _queries);
            await _socket.SendAsync(Spoil(Answer(query.Buffer)), query.RemoteEndPoint, _stopping.Token);
        }
    }

    private byte[] Answer(byte[] query)
    {
        var (name, end) = Decode(query);
        var records = _records.GetValueOrDefault((name, BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(end))), []);
        using var answer = new MemoryStream();
        answer.Write(query.AsSpan(0, 2));
        Write(answer, (ushort)(_records.Keys.Any(key => key.Name == name) ? 0x8180 : 0x8183));
        Write(answer, 1);
        Write(answer, (ushort)records.Count);
        Write(answer, 0);
        Write(answer, 0);
        answer.Write(query.AsSpan(12, end + 4 - 12));
        foreach (var (ttl, data) in records)
        {
            // The name is the question's: a pointer to it.
            Write(answer, 0xC00C);
            answer.Write(query.AsSpan(end, 4));
            Write(answer, (ushort)(ttl >> 16));
            Write(answer, (ushort)ttl);
            Write(answer, (ushort)data.Length);
            answer.Write(data);
        }

        return answer.ToArray();
    }

    private static (string Name, int End) Decode(byte[] query)
    {
        var labels = new List<string>();
        var at = 12;
        for (; query[at] != 0; at += query[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
        }

        return (string.Join('.', labels).ToLowerInvariant(), at + 1);
    }

    private static byte[] Encode(string name) => [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => new[] { (byte)label.Length }.Concat(Encoding.ASCII.GetBytes(label))), 0];

    private static void Write(Stream stream, ushort value) => stream.Write([(byte)(value >> 8), (byte)value]);
}
