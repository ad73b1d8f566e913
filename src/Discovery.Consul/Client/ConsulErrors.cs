using System.Globalization;
using System.Net;
using Discovery.Security;

namespace Discovery.Consul.Client;

/// <summary>Says what went wrong in the words of <see cref="RegistryException"/>.</summary>
internal sealed class ConsulErrors(string registry, ConsulToken token)
{
    public RegistryException Refused(ConsulRequest request, ConsulResponse response)
    {
        var text = token.Redact(response.Text());
        var message = $"{registry}: {request.Asked} failed: {(int)response.Status} {UntrustedText.Line(text)}".TrimEnd(' ', '.');
        return response.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(RegistryErrorKind.Denied, $"{message}. {Remedy(request, text)}"),
            >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or < HttpStatusCode.BadRequest => new(RegistryErrorKind.Unavailable, $"{message}."),
            HttpStatusCode.BadRequest when text.Contains("HTTP request to an HTTPS server", StringComparison.Ordinal) =>
                new(RegistryErrorKind.Invalid, $"{message}: its address must begin with https://."),
            _ => new(RegistryErrorKind.Invalid, $"{message}."),
        };
    }

    public RegistryException MissingPermission(ConsulRequest request, string permission) =>
        new(RegistryErrorKind.Denied, $"{registry}: {request.Asked} gives an empty list because of a missing permission. The ACL token needs {permission}.");

    public RegistryException Late(ConsulRequest request, Exception cause)
    {
        // The handler's own time-out, which is for connecting, comes with the exception of one.
        var missed = cause.InnerException is TimeoutException
            ? string.Create(CultureInfo.InvariantCulture, $"no connection within {ConsulConnections.ConnectTimeout.TotalSeconds:0.#} s")
            : string.Create(CultureInfo.InvariantCulture, $"no answer within {request.TimeOut.TotalSeconds:0.#} s");
        return new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: {missed}.", cause);
    }

    public RegistryException Leaderless(ConsulRequest request) =>
        new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: the answering server has no contact with a leader, so its list may be old.");

    public RegistryException Unreadable(ConsulRequest request, Exception cause) =>
        new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: the answer is not what Consul sends ({Line(cause.Message)}).", Shown(cause));

    /// <param name="request">What was asked.</param>
    /// <param name="cause">What was thrown.</param>
    /// <param name="tls">What that says of TLS, or null where it is about something else.</param>
    /// <param name="hint">What may be the reason where nothing has been answered yet, or null.</param>
    public RegistryException Broken(ConsulRequest request, Exception cause, string? tls, string? hint) => cause switch
    {
        _ when tls is not null => new(RegistryErrorKind.Denied, $"{registry}: {request.Asked} failed for TLS: {Line(tls)}.", Shown(cause)),
        InvalidDataException => Unreadable(request, cause),
        _ => new(RegistryErrorKind.Unavailable, $"{registry}: {request.Asked} failed: {hint ?? Line(cause.Message)}.", Shown(cause)),
    };

    // An answer that is no HTTP is quoted in the exception, and it may be what was sent.
    private string Line(string text) => UntrustedText.Line(token.Redact(text)).TrimEnd('.');

    private Exception Shown(Exception cause) => token.IsIn(cause) ? new HttpRequestException(Line(cause.Message)) : cause;

    private static string Remedy(ConsulRequest request, string text) => text.Contains("ACL not found", StringComparison.OrdinalIgnoreCase)
        ? $"Consul does not know the ACL token, or no longer; what is needed is {request.Permission}."
        : $"The ACL token needs {request.Permission}.";
}
