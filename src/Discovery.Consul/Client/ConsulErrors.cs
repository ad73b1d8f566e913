using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Discovery.Consul.Client;

/// <summary>Says what went wrong in the words of <see cref="RegistryException"/>.</summary>
internal sealed class ConsulErrors(string registry, ConsulToken token)
{
    private const int MaxTextLength = 500;

    public RegistryException Refused(ConsulRequest request, ConsulResponse response)
    {
        var text = token.Redact(response.Text());
        var message = $"{registry}: {request.Asked} failed: {(int)response.Status} {text[..Math.Min(text.Length, MaxTextLength)]}";
        return response.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(RegistryErrorKind.Denied, $"{message.TrimEnd('.')}. {Remedy(request, text)}"),
            >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or < HttpStatusCode.BadRequest => new(RegistryErrorKind.Unavailable, message),
            _ => new(RegistryErrorKind.Invalid, message),
        };
    }

    public RegistryException MissingPermission(ConsulRequest request, string permission) =>
        new(RegistryErrorKind.Denied, $"{registry}: {request.Asked} gives an empty list because of a missing permission. The ACL token needs {permission}.");

    public RegistryException Late(ConsulRequest request, Exception cause) =>
        new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: no answer within {request.TimeOut.TotalSeconds:0.#} s.", cause);

    public RegistryException Leaderless(ConsulRequest request) =>
        new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: the answering server has no contact with a leader, so its list may be old.");

    public RegistryException Unreadable(ConsulRequest request, Exception cause) =>
        new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: the answer is not what Consul sends ({cause.Message.TrimEnd('.')}).", cause);

    public RegistryException Broken(ConsulRequest request, Exception cause) => cause switch
    {
        InvalidDataException => Unreadable(request, cause),
        CryptographicException => new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: a TLS file cannot be used: {cause.Message}", cause),
        _ when Authentication(cause) is { } tls => new(
            RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: the TLS handshake was not completed: {tls}", cause),
        _ => new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: {cause.Message}", cause),
    };

    // The certificate's fault stands in the innermost message; the outer ones say only that there was one.
    private static string? Authentication(Exception cause)
    {
        for (var e = cause; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException)
            {
                return e.InnerException is null ? e.Message : $"{e.Message} {e.InnerException.Message}";
            }
        }

        return null;
    }

    private static string Remedy(ConsulRequest request, string text) => text.Contains("ACL not found", StringComparison.OrdinalIgnoreCase)
        ? $"Consul does not know the ACL token, or no longer; what is needed is {request.Permission}."
        : $"The ACL token needs {request.Permission}.";
}
