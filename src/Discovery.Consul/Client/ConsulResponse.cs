using System.Globalization;
using System.Net;
using System.Text;

namespace Discovery.Consul.Client;

/// <summary>An answer, its body read to the end.</summary>
internal sealed class ConsulResponse(HttpResponseMessage message, PooledBody body) : IDisposable
{
    private const int MaxTextLength = 8192;

    public HttpStatusCode Status => message.StatusCode;

    public bool IsSuccess => message.IsSuccessStatusCode;

    /// <summary>Whether it came over HTTP/2, where calls share a connection.</summary>
    public bool IsMultiplexed => message.Version.Major >= 2;

    public ReadOnlySpan<byte> Body => body.Span;

    /// <summary>The index that the list stands at; 0 where the answer names none.</summary>
    public long Index => Header("X-Consul-Index") is { } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0;

    public bool KnowsLeader => Header("X-Consul-Knownleader") is not "false";

    /// <summary>How long ago the server that answered has heard from the leader.</summary>
    public TimeSpan LastContact => Header("X-Consul-Lastcontact") is { } text
        && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.Zero;

    public bool IsFilteredByAcls => Header("X-Consul-Results-Filtered-By-ACLs") is "true";

    /// <summary>The body as text, or as much of it as tells what is wrong. Not to be shown as it is.</summary>
    public string Text() => Encoding.UTF8.GetString(Body[..Math.Min(Body.Length, MaxTextLength)]).Trim();

    public void Dispose()
    {
        body.Dispose();
        message.Dispose();
    }

    private string? Header(string name) => message.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
