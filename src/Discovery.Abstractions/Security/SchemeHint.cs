using System.Security.Authentication;

namespace Discovery.Security;

/// <summary>Says where the scheme of a server's address is not, or may not be, the one that the server speaks.</summary>
public static class SchemeHint
{
    private const string NotTls = "the server does not speak TLS: where that is meant, its address must begin with http://";

    private const string PerhapsNotTls =
        "the server ended the connection instead of answering the TLS handshake: where it speaks none, its address must begin with http://";

    private const string PerhapsTls =
        "the server ended the connection instead of answering in clear text: where it speaks TLS, its address must begin with https://";

    /// <summary>What a failed handshake shows for certain: that what came back was no TLS. Null for any other failure.</summary>
    /// <param name="handshake">The failure of the handshake.</param>
    /// <remarks>.NET tells it in words only; a test against a real server holds these to them.</remarks>
    internal static string? Of(AuthenticationException handshake) => handshake.Message.Contains("corrupted frame", StringComparison.Ordinal) ? NotTls : null;

    /// <summary>What a call's failure may mean where the server has not answered any call yet; null where it is of another kind.</summary>
    /// <param name="address">What was called.</param>
    /// <param name="failure">What was thrown.</param>
    public static string? Of(Uri address, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(address);
        var isTls = address.Scheme == Uri.UriSchemeHttps;
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (isTls && e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: IOException })
            {
                return PerhapsNotTls;
            }

            if (!isTls && e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded })
            {
                return PerhapsTls;
            }
        }

        return null;
    }
}
