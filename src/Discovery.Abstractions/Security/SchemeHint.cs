using System.Security.Authentication;

namespace Discovery.Security;

/// <summary>Says where the scheme of a server's address is not, or may not be, the one that the server speaks. Safe for concurrent use.</summary>
/// <param name="address">The server's address.</param>
public sealed class SchemeHint(Uri address)
{
    private const string NotTls = "the server does not speak TLS: where that is meant, its address must begin with http://";

    private const string PerhapsNotTls =
        "the server ended the connection instead of answering the TLS handshake: where it speaks none, its address must begin with http://";

    private const string PerhapsTls =
        "the server ended the connection instead of answering in clear text: where it speaks TLS, its address must begin with https://";

    private volatile bool _answered;

    /// <summary>Says that the server has answered a call: what goes wrong from now on is not its scheme.</summary>
    public void Answered() => _answered = true;

    /// <summary>What a failed handshake shows for certain: that what came back was no TLS. Null for any other failure.</summary>
    /// <param name="handshake">The failure of the handshake.</param>
    /// <remarks>.NET tells it in words only; a test against a real server holds these to them.</remarks>
    internal static string? OfHandshake(AuthenticationException handshake) => handshake.Message.Contains("corrupted frame", StringComparison.Ordinal) ? NotTls : null;

    /// <summary>What a call's failure may mean; null once the server has answered a call, and where it is of another kind.</summary>
    /// <param name="failure">What was thrown.</param>
    public string? Of(Exception failure)
    {
        if (_answered)
        {
            return null;
        }

        var isTls = address.Scheme == Uri.UriSchemeHttps;
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (isTls && e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: IOException })
            {
                return PerhapsNotTls;
            }

            if (!isTls && (e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } || IsUnansweredHttp2(e)))
            {
                return PerhapsTls;
            }
        }

        return null;
    }

    // As above: an end that is found before anything is read has these words and no error of its own, and one by a reset is called a bad response.
    private static bool IsUnansweredHttp2(Exception e) =>
        e is HttpRequestException && e.Message.Contains("did not complete the HTTP/2 handshake", StringComparison.Ordinal);
}
