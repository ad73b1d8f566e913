using System.Buffers;
using System.IO.Compression;

namespace Discovery.Consul.Client;

/// <summary>An answer's body in a pooled buffer: a list of 10,000 instances is 11 MB, which nobody wants to allocate each time.</summary>
internal sealed class PooledBody : IDisposable
{
    private byte[] _buffer = [];

    private PooledBody()
    {
    }

    public static PooledBody Empty => new();

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    /// <summary>Reads a body to its end, and not beyond what is allowed.</summary>
    /// <exception cref="InvalidDataException">The body is longer than allowed, or is not the gzip it claims to be.</exception>
    public static async Task<PooledBody> ReadAsync(HttpContent content, int maxLength, CancellationToken cancellationToken)
    {
        var declared = content.Headers.ContentLength;
        if (declared > maxLength)
        {
            throw TooLong(maxLength);
        }

        var body = new PooledBody();
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            stream = content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            await using (stream.ConfigureAwait(false))
            {
                await body.FillAsync(stream, (int)(declared ?? 0), maxLength, cancellationToken).ConfigureAwait(false);
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
        Length = 0;
    }

    private async Task FillAsync(Stream stream, int expected, int maxLength, CancellationToken cancellationToken)
    {
        Grow(Math.Max(expected + 1, 4096)); // one more than declared, so that the end is seen without growing
        while (await stream.ReadAsync(_buffer.AsMemory(Length), cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            Length += read;
            if (Length > maxLength)
            {
                throw TooLong(maxLength);
            }

            if (Length == _buffer.Length)
            {
                Grow(_buffer.Length * 2);
            }
        }
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Span.CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    private static InvalidDataException TooLong(int maxLength) => new($"the answer is longer than {maxLength:N0} bytes");
}
