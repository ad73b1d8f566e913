using System.Net;
using System.Net.Http.Json;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Tests.Testing;

public sealed class ConsulServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAgain_AfterKill_KeepsData()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancel);
        await PutAsync(server);

        await server.KillAsync();
        Assert.False(server.IsRunning);
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Http.GetAsync("/v1/status/leader", Cancel));

        await server.StartAgainAsync(cancellationToken: Cancel);
        Assert.Equal("kept", await server.Http.GetStringAsync("/v1/kv/test?raw", Cancel));
    }

    [Fact]
    public async Task StartAgain_Wiped_HasLostItsData()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancel);
        await PutAsync(server);

        await server.StopAsync();
        await server.StartAgainAsync(wipe: true, Cancel);

        using var answer = await server.Http.GetAsync("/v1/kv/test?raw", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Suspend_Running_AnswersOnlyAfterResume()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancel);

        server.Suspend();
        var answer = server.Http.GetStringAsync("/v1/status/leader", Cancel);
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(300), Cancel));
        server.Resume();

        Assert.NotEqual("", await answer.WaitAsync(TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task Start_WithBootstrapToken_RefusesOthers()
    {
        var token = Guid.NewGuid().ToString();
        await using var server = await ConsulServer.StartAsync(new ConsulServerOptions { BootstrapToken = token }, Cancel);
        await PutAsync(server);

        using var anonymous = new HttpClient { BaseAddress = server.Address };
        using var refused = await anonymous.PutAsync("/v1/kv/test", new StringContent("stolen"), Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Start_WithClientCertificateRequired_TurnsOthersAway()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await ConsulServer.StartAsync(new ConsulServerOptions { Tls = certificates.Server(requireClientCertificate: true) }, Cancel);

        using var known = certificates.CreateClient(withClientCertificate: true);
        var leader = await known.GetFromJsonAsync<string>(new Uri(server.HttpsAddress!, "/v1/status/leader"), Cancel);
        Assert.NotEqual("", leader);

        using var unknown = certificates.CreateClient(withClientCertificate: false);
        await Assert.ThrowsAsync<HttpRequestException>(() => unknown.GetStringAsync(new Uri(server.HttpsAddress!, "/v1/status/leader"), Cancel));
    }

    private static async Task PutAsync(ConsulServer server)
    {
        using var answer = await server.Http.PutAsync("/v1/kv/test", new StringContent("kept"), Cancel);
        answer.EnsureSuccessStatusCode();
    }
}
