using Discovery.Security;
using Discovery.Testing;

namespace Discovery.Tests.Security;

public sealed class TlsOptionsTests : IDisposable
{
    private const string Section = "Discovery:Etcd:Tls";
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates;

    public TlsOptionsTests() => _certificates = TestCertificates.Create(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Validate_NothingSet_IsAllowed() => Assert.Empty(new TlsOptions().Validate(Section));

    [Fact]
    public void Validate_AllSet_IsAllowed()
    {
        var options = _certificates.Client(withClientCertificate: true);
        options.ServerName = "etcd.internal";

        Assert.Empty(options.Validate(Section));
    }

    [Theory]
    [InlineData(true, true, "https://etcd-1:2379", "https://etcd-2:2379")]
    [InlineData(true, false, "https://etcd-1:2379", "http://etcd-2:2379")]
    [InlineData(false, false, "https://etcd-1:2379")]
    public void AuthenticatesTo_Servers_WhereEachIsShownACertificate(bool hasCertificate, bool expected, params string[] servers) =>
        Assert.Equal(expected, _certificates.Client(hasCertificate).AuthenticatesTo(servers.Select(server => new Uri(server))));

    [Fact]
    public void Validate_CaMissing_NamesTheSettingAndTheFile()
    {
        var failure = Assert.Single(new TlsOptions { CaCertificatePath = "/absent/ca.pem" }.Validate(Section));

        Assert.StartsWith($"{Section}:CaCertificatePath is '/absent/ca.pem'", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_CaWithoutCertificate_SaysSo()
    {
        var failure = Assert.Single(new TlsOptions { CaCertificatePath = _folder.Write("empty.pem", "no PEM") }.Validate(Section));

        Assert.Contains("holds no certificate", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_CertificateWithoutKey_NamesTheKey()
    {
        var failure = Assert.Single(new TlsOptions { ClientCertificatePath = _certificates.ClientCertificatePath }.Validate(Section));

        Assert.StartsWith($"{Section}:ClientKeyPath is not set", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_KeyWithoutCertificate_NamesTheCertificate()
    {
        var failure = Assert.Single(new TlsOptions { ClientKeyPath = _certificates.ClientKeyPath }.Validate(Section));

        Assert.StartsWith($"{Section}:ClientCertificatePath is not set", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_KeyOfAnotherCertificate_NamesTheKeyWithoutItsContent()
    {
        var options = new TlsOptions { ClientCertificatePath = _certificates.ClientCertificatePath, ClientKeyPath = _certificates.ServerKeyPath };

        var failure = Assert.Single(options.Validate(Section));

        Assert.StartsWith($"{Section}:ClientKeyPath is '{_certificates.ServerKeyPath}'", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadLines(_certificates.ServerKeyPath).ElementAt(1), failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ServerNameNoHost_NamesTheSetting()
    {
        var failure = Assert.Single(new TlsOptions { ServerName = "https://etcd" }.Validate(Section));

        Assert.StartsWith($"{Section}:ServerName is 'https://etcd'", failure, StringComparison.Ordinal);
    }
}
