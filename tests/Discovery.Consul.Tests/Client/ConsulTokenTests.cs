using Discovery.Consul.Client;
using Discovery.Testing;

namespace Discovery.Consul.Tests.Client;

public sealed class ConsulTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The answer to a call that was under way when the file was replaced.
    [Fact]
    public void Redact_AfterTheFileWasReplaced_HidesBothTokens()
    {
        var token = new ConsulToken(new ConsulOptions { TokenFile = _folder.Write("token", "canary-one") });
        Assert.Equal("canary-one", token.Read());
        _folder.Write("token", "canary-second");
        Assert.Equal("canary-second", token.Read());

        Assert.Equal("you sent ***, then *** and token", token.Redact("you sent canary-one, then canary-second and token"));
        Assert.DoesNotContain("canary", token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_OfATokenFromSettings_HidesIt() =>
        Assert.Equal("a *** b", new ConsulToken(new ConsulOptions { Token = "canary" }).Redact("a canary b"));

    [Fact]
    public void IsIn_AnExceptionWhoseCauseQuotesIt_IsTrue()
    {
        var token = new ConsulToken(new ConsulOptions { Token = "canary" });

        Assert.True(token.IsIn(new HttpRequestException("no HTTP", new IOException("you sent canary"))));
        Assert.False(token.IsIn(new HttpRequestException("no HTTP", new IOException("you sent nothing"))));
        Assert.False(new ConsulToken(new ConsulOptions()).IsIn(new HttpRequestException("you sent canary")));
    }
}
