using Discovery.Security;
using Discovery.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Tests.Security;

public sealed class ClientTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly List<Exception> _unusable = [];
    private readonly ClientTls _tls;

    public ClientTlsTests()
    {
        _certificates = TestCertificates.Create(_folder);
        _tls = new ClientTls(_certificates.Client(withClientCertificate: true), _time);
        _tls.CreateAuthenticationOptions();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reload_UnchangedFiles_IsNothing() => Assert.Null(Look());

    [Fact]
    public void Reload_CertificateAndKeyReplaced_HasTheNewOnes()
    {
        _certificates.IssueClient(TimeSpan.FromHours(1));

        Assert.NotNull(Look());
        Assert.Null(Look());
        Assert.Empty(_unusable);
    }

    [Fact]
    public void Reload_WithinTheInterval_DoesNotLook()
    {
        _certificates.IssueClient(TimeSpan.FromHours(1));

        Assert.Null(_tls.Reload(_unusable.Add));
    }

    [Fact]
    public void Reload_CertificateWithoutItsKeyYet_SaysSoOnceAndReadsBothLater()
    {
        var key = File.ReadAllText(_certificates.ClientKeyPath);
        _certificates.IssueClient(TimeSpan.FromHours(1));
        var next = File.ReadAllText(_certificates.ClientKeyPath);
        File.WriteAllText(_certificates.ClientKeyPath, key);

        Assert.Null(Look());
        Assert.Null(Look());
        Assert.Single(_unusable);

        File.WriteAllText(_certificates.ClientKeyPath, next + "\n");
        Assert.NotNull(Look());
    }

    [Fact]
    public void Reload_FileGone_KeepsWhatWasRead()
    {
        File.Delete(_certificates.CaCertificatePath);

        Assert.Null(Look());
        Assert.Single(_unusable);
    }

    [Fact]
    public void Reload_LinkPointedElsewhere_IsNoticed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        Directory.CreateDirectory(_folder.Combine("one"));
        Directory.CreateDirectory(_folder.Combine("two"));
        File.Copy(_certificates.CaCertificatePath, _folder.Combine("one/ca.crt"));
        File.Copy(_certificates.CaCertificatePath, _folder.Combine("two/ca.crt"));
        File.SetLastWriteTimeUtc(_folder.Combine("two/ca.crt"), DateTime.UtcNow.AddMinutes(1));
        Directory.CreateSymbolicLink(_folder.Combine("..data"), _folder.Combine("one"));
        File.CreateSymbolicLink(_folder.Combine("ca.crt"), "..data/ca.crt");
        var tls = new ClientTls(new TlsOptions { CaCertificatePath = _folder.Combine("ca.crt") }, _time);
        tls.CreateAuthenticationOptions();

        Directory.Delete(_folder.Combine("..data"));
        Directory.CreateSymbolicLink(_folder.Combine("..data"), _folder.Combine("two"));
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.NotNull(tls.Reload(_unusable.Add));
    }

    [Fact]
    public void Explain_ConnectionBrokenAfterTheHandshake_IsTheCertificateUntilACallWasAnswered()
    {
        var broken = new HttpRequestException("x", new IOException("y"));

        Assert.Contains("refuses the client certificate", _tls.Explain(broken), StringComparison.Ordinal);
        Assert.Null(_tls.Explain(new HttpRequestException(HttpRequestError.SecureConnectionError, "x", new IOException("y"))));
        _tls.Answered();
        Assert.Null(_tls.Explain(broken));
        Assert.NotNull(_tls.Explain(new HttpRequestException("x", new System.Security.Authentication.AuthenticationException("expired"))));
    }

    [Fact]
    public void TakeExpiry_InTheLastTwentieth_TellsOnceForEachCertificate()
    {
        Assert.Null(_tls.TakeExpiry()); // of two days, one is left
        _time.Advance(TimeSpan.FromHours(21.5));
        Assert.Null(_tls.TakeExpiry());
        _time.Advance(TimeSpan.FromHours(0.2)); // 2.3 are left, which is less than 2.4
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(2.3), _tls.TakeExpiry()!.Value, TimeSpan.FromMinutes(1));
        Assert.Null(_tls.TakeExpiry());

        _certificates.IssueClient(TimeSpan.FromHours(30));
        Assert.NotNull(Look());
        Assert.Null(_tls.TakeExpiry());
        _time.Advance(TimeSpan.FromHours(8));
        Assert.NotNull(_tls.TakeExpiry());
    }

    [Fact]
    public void TakeExpiry_NoClientCertificate_IsNothing()
    {
        var tls = new ClientTls(_certificates.Client(withClientCertificate: false), _time);
        tls.CreateAuthenticationOptions();
        _time.Advance(TimeSpan.FromDays(9));

        Assert.Null(tls.TakeExpiry());
    }

    [Theory]
    [InlineData(2, "the client certificate in ClientCertificatePath has expired: it was valid until")]
    [InlineData(-2, "the client certificate in ClientCertificatePath is not valid yet: it is from")]
    public void Explain_ConnectionBrokenWhileTheClientCertificateIsOutOfDate_SaysSoThoughCallsWereAnswered(int daysFromNow, string reason)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(daysFromNow));
        var tls = new ClientTls(_certificates.Client(withClientCertificate: true), time);
        tls.CreateAuthenticationOptions();
        tls.Answered();

        Assert.StartsWith(reason, tls.Explain(new HttpRequestException("x", new IOException("y"))), StringComparison.Ordinal);
        Assert.StartsWith(
            reason, tls.Explain(new System.Security.Authentication.AuthenticationException("certificate expired")), StringComparison.Ordinal);
        Assert.Null(tls.Explain(new HttpRequestException(HttpRequestError.ConnectionError, "x", new System.Net.Sockets.SocketException())));
    }

    private System.Net.Security.SslClientAuthenticationOptions? Look()
    {
        _time.Advance(TimeSpan.FromSeconds(6));
        return _tls.Reload(_unusable.Add);
    }
}
