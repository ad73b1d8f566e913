using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Discovery.Consul.Client;

/// <summary>Sends one request and reads its answer, both in bounded time and of bounded size.</summary>
internal sealed class ConsulTransport(ConsulConnections connections, ConsulToken token, ConsulErrors errors, TimeProvider timeProvider) : IDisposable
{
    private const string TokenHeader = "X-Consul-Token";

    private static readonly TimeSpan BodyTimeOut = TimeSpan.FromSeconds(10);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Sends a request; whatever status comes back is the caller's to judge.</summary>
    /// <exception cref="RegistryException">No answer came, or none that can be read.</exception>
    public async Task<ConsulResponse> SendAsync(ConsulRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var message = CreateMessage(request);
            var response = await SendAsync(message, request.TimeOut, cancellationToken).ConfigureAwait(false);
            try
            {
                return new ConsulResponse(response, await ReadBodyAsync(response.Content, request, cancellationToken).ConfigureAwait(false));
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw errors.Late(request, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw errors.Broken(request, e, connections.ExplainTls(e), connections.HintAtScheme(e));
        }
    }

    public void Dispose() => connections.Dispose();

    private HttpRequestMessage CreateMessage(ConsulRequest request)
    {
        var uri = new Uri(connections.RequestBase, request.Path);
        var message = new HttpRequestMessage(request.Method, uri);
        if (uri.Scheme == Uri.UriSchemeHttps)
        {
            message.Version = HttpVersion.Version20;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        if (token.Read() is { } secret)
        {
            message.Headers.TryAddWithoutValidation(TokenHeader, secret);
        }

        if (request.Gzip)
        {
            message.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        }

        if (request.Json is { } json)
        {
            message.Content = new ByteArrayContent(json);
            message.Content.Headers.ContentType = Json;
        }

        return message;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, TimeSpan timeOut, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeOut, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var response = await connections.Current.SendAsync(message, either.Token).ConfigureAwait(false);
        connections.Answered();
        return response;
    }

    private async Task<PooledBody> ReadBodyAsync(HttpContent content, ConsulRequest request, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength == 0)
        {
            return PooledBody.Empty;
        }

        using var timer = new CancellationTokenSource(BodyTimeOut, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        return await PooledBody.ReadAsync(content, request.MaxLength, either.Token).ConfigureAwait(false);
    }
}
