using System.Text.Json;
using Discovery.Consul;
using Discovery.Etcd;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Tests.Secrets;

/// <summary>Drives every failure with a secret that is easy to find, and looks for it in all that an app says.</summary>
public sealed class CanaryTests
{
    private const string Canary = "canary-5f0e7d";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConsulDeniesTheToken_NothingShowsIt()
    {
        await using var server = await ConsulServer.StartAsync(new ConsulServerOptions { BootstrapToken = Guid.NewGuid().ToString() }, Cancelled);
        await AssertSilentAsync(Consul(server.Address), server.Address.Authority);
    }

    [Fact]
    public async Task ConsulTurnsTheCertificateAway_NothingShowsTokenOrKey()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        var wrong = TestCertificates.Create(other);
        var key = string.Concat(File.ReadAllLines(wrong.ClientKeyPath)[1..^1]);
        await using var server = await ConsulServer.StartAsync(new ConsulServerOptions { Tls = certificates.Server(requireClientCertificate: true) }, Cancelled);
        await AssertSilentAsync(
            new(Consul(server.HttpsAddress!))
            {
                ["Discovery:Consul:Tls:CaCertificatePath"] = certificates.CaCertificatePath,
                ["Discovery:Consul:Tls:ClientCertificatePath"] = wrong.ClientCertificatePath,
                ["Discovery:Consul:Tls:ClientKeyPath"] = wrong.ClientKeyPath,
            },
            server.HttpsAddress!.Authority, key[..40], key[^40..]);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task ConsulEchoesTheRequest_NothingShowsTheToken(int status)
    {
        await using var server = await FakeServer.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"http://127.0.0.1:1/?{context.Request.Headers["X-Consul-Token"]}";
            await context.Response.WriteAsync(string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")), context.RequestAborted);
        });
        await AssertSilentAsync(Consul(server.Address), server.Address.Authority);
    }

    [Fact]
    public async Task ConsulsAnswerIsTheRequestItself_NothingShowsTheToken()
    {
        await using var server = new EchoServer();
        await AssertSilentAsync(Consul(server.Address), server.Address.Authority);
        Assert.Contains(Canary, server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConsulIsOutOfReach_NothingShowsTheToken() => await AssertSilentAsync(Consul(new("http://127.0.0.1:1")), "127.0.0.1:1");

    [Fact]
    public async Task ConsulTokenFileTakesWhatNoHeaderTakes_NothingShowsIt()
    {
        using var folder = new TemporaryFolder();
        await using var server = await FakeServer.StartAsync(context => Task.CompletedTask);
        await AssertSilentAsync(
            new()
            {
                ["Discovery:Provider"] = "Consul",
                ["Discovery:Consul:Address"] = server.Address.AbsoluteUri,
                ["Discovery:Consul:TokenFile"] = folder.Write("token", $"a\r\n{Canary}\u00e9"),
            },
            server.Address.Authority);
    }

    [Fact]
    public async Task EtcdRefusesThePassword_NothingShowsIt()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Cancelled);
        foreach (var command in (string[][])[["user", "add", "root:root"], ["user", "grant-role", "root", "root"], ["user", "add", "svc:right"], ["auth", "enable"]])
        {
            await server.EtcdctlAsync(command);
        }

        await AssertSilentAsync(Etcd(server.Endpoint), server.Endpoint.Authority);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("13")]
    [InlineData("14")]
    [InlineData("16")]
    public async Task EtcdEchoesTheRequest_NothingShowsThePassword(string status)
    {
        await using var server = await FakeServer.StartAsync(
            async context =>
            {
                using var body = new StreamReader(context.Request.Body);
                var asked = await body.ReadToEndAsync(context.RequestAborted);
                context.Response.ContentType = "application/grpc";
                context.Response.DeclareTrailer("grpc-status");
                context.Response.AppendTrailer("grpc-status", status);
                context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString($"you sent {asked}"));
            },
            HttpProtocols.Http2);
        await AssertSilentAsync(Etcd(server.Address), server.Address.Authority);
    }

    [Fact]
    public async Task EtcdsAnswerIsTheRequestItself_NothingShowsThePassword()
    {
        await using var server = new EchoServer();
        await AssertSilentAsync(Etcd(server.Address), server.Address.Authority);
        Assert.Contains("PRI * HTTP/2.0", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EtcdIsOutOfReach_NothingShowsThePassword() => await AssertSilentAsync(Etcd(new("http://127.0.0.1:1")), "127.0.0.1:1");

    [Theory]
    [InlineData("Discovery:Consul:Token", Canary + "\u00e9")]
    [InlineData("Discovery:Consul:Address", $"http://user:{Canary}@127.0.0.1:8500")]
    [InlineData("Discovery:Consul:Address", $"user:{Canary}@127.0.0.1:8500")]
    [InlineData("Discovery:Etcd:Endpoints:0", $"http://user:{Canary}@127.0.0.1:2379")]
    [InlineData("Discovery:Etcd:Password", Canary)]
    [InlineData("Discovery:Registration:Endpoints:0", $"http://user:{Canary}@10.0.0.1:80")]
    [InlineData("Discovery:Client:Static:legacy:0", $"http://user:{Canary}@10.0.0.1:80")]
    public async Task SettingThatIsRefused_IsNamedWithoutTheSecret(string path, string value)
    {
        using var sinks = new Sinks();
        var provider = path.Split(':')[1] is "Consul" or "Etcd" ? path.Split(':')[1] : "Local";
        await using var app = Build(sinks, new() { ["Discovery:Provider"] = provider, [path] = value });

        var failure = await Assert.ThrowsAsync<DiscoveryStartupException>(() => app.StartAsync(Cancelled));

        Assert.Contains(path.Replace("Etcd:Password", "Etcd:Username", StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, $"{failure} {string.Join(' ', sinks.Read())}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretFileThatIsAbsent_IsNamedAndNothingElse()
    {
        using var sinks = new Sinks();
        await using var app = Build(sinks, new() { ["Discovery:Provider"] = "Consul", ["Discovery:Consul:TokenFile"] = "/absent/token" });

        var failure = await Assert.ThrowsAsync<DiscoveryStartupException>(() => app.StartAsync(Cancelled));

        Assert.StartsWith("Discovery:Consul:TokenFile is '/absent/token'", failure.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Consul(Uri address) => new()
    {
        ["Discovery:Provider"] = "Consul",
        ["Discovery:Consul:Address"] = address.GetLeftPart(UriPartial.Authority),
        ["Discovery:Consul:Token"] = Canary,
    };

    private static Dictionary<string, string?> Etcd(Uri address) => new()
    {
        ["Discovery:Provider"] = "Etcd",
        ["Discovery:Etcd:Endpoints:0"] = address.GetLeftPart(UriPartial.Authority),
        ["Discovery:Etcd:Username"] = "svc",
        ["Discovery:Etcd:Password"] = Canary,
    };

    /// <summary>Runs an app into the failure, does everything that may speak of it, and searches what was said.</summary>
    /// <param name="settings">What leads into the failure.</param>
    /// <param name="marker">What is no secret, and must be found.</param>
    /// <param name="secrets">What must not be found, besides the canary.</param>
    private static async Task AssertSilentAsync(Dictionary<string, string?> settings, string marker, params string[] secrets)
    {
        using var sinks = new Sinks();
        await using (var app = Build(sinks, settings))
        {
            await app.StartAsync(Cancelled);
            await Eventually.HoldsAsync(() => Diagnostics(app).GetRegistrations().Any(status => status.LastError is not null), TimeSpan.FromSeconds(60), Cancelled);
            await SpeakAsync(app, sinks);
            await app.StopAsync(Cancelled);
        }

        var said = sinks.Read();
        Assert.All((string[])["logs", "diagnostics", "options", "provider"], sink => Assert.Contains(marker, said[sink], StringComparison.Ordinal));
        Assert.Contains("discovery.", said["metrics"], StringComparison.Ordinal);
        Assert.Contains("/health/ready", said["traces"], StringComparison.Ordinal);
        Assert.Contains("payments", said["exceptions"], StringComparison.Ordinal);
        Assert.Contains("discovery-registration", said["health"], StringComparison.Ordinal);
        foreach (var (sink, text) in said)
        {
            Assert.All((string[])[Canary, .. secrets], secret => Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{secret} is in {sink}: {text}"));
        }
    }

    private static async Task SpeakAsync(WebApplication app, Sinks sinks)
    {
        var discovery = app.Services.GetRequiredService<IServiceDiscovery>();
        await NoteFailureAsync(sinks, async () => sinks.Note("diagnostics", JsonSerializer.Serialize(await discovery.GetServicesAsync(Cancelled))));
        await NoteFailureAsync(sinks, async () => await discovery.PickAsync("payments", cancellationToken: Cancelled));
        using var caller = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("payments");
        await NoteFailureAsync(sinks, () => caller.GetAsync("http://payments/x", Cancelled));
        var factory = app.Services.GetServices<IServiceRegistryFactory>().Single(known => known.Name == app.Configuration["Discovery:Provider"]);
        await using (var registry = factory.Create())
        {
            sinks.Note("provider", $"{registry} {registry.Description} {string.Join(' ', registry.Endpoints)}");
            var instance = new ServiceInstance { ServiceName = "payments", Id = "p", Endpoints = [new("http://10.0.0.1:80")] };
            await NoteFailureAsync(sinks, () => registry.RegisterAsync(instance, TimeSpan.FromSeconds(15), Cancelled));
            await NoteFailureAsync(sinks, () => registry.DeregisterAsync("payments", "p", Cancelled));
            await NoteFailureAsync(sinks, async () => await registry.WatchAsync("payments", Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync());
        }

        sinks.Note("diagnostics", string.Join(' ', Diagnostics(app).GetRegistrations()));
        sinks.Note("diagnostics", JsonSerializer.Serialize(Diagnostics(app).GetRegistrations()));
        sinks.Note("diagnostics", string.Join(' ', Diagnostics(app).GetWatchedServices().Select(snapshot => $"{snapshot} {snapshot.Source} {snapshot.ServiceName}")));
        var consul = app.Services.GetRequiredService<IOptions<ConsulOptions>>();
        var etcd = app.Services.GetRequiredService<IOptions<EtcdOptions>>();
        sinks.Note("options", app.Configuration["Discovery:Provider"] == "Consul" ? $"{consul.Value} {consul.Value.Tls}" : $"{etcd.Value} {etcd.Value.Tls}");
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled);
        sinks.Note("health", $"{report.Status} {string.Join(' ', report.Entries.Select(entry => $"{entry.Key} {entry.Value.Description} {entry.Value.Exception} {string.Join(' ', entry.Value.Data)}"))}");
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        sinks.Note("health", await (await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancelled)).Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task NoteFailureAsync(Sinks sinks, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (!Cancelled.IsCancellationRequested)
        {
            sinks.Note("exceptions", $"payments: {e} {JsonSerializer.Serialize(e.Data)}");
        }
    }

    private static IDiscoveryDiagnostics Diagnostics(WebApplication app) => app.Services.GetRequiredService<IDiscoveryDiagnostics>();

    private static WebApplication Build(Sinks sinks, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Client:CacheDirectory"] = "",
            ["Discovery:Client:FirstAnswerTimeout"] = "00:00:01",
            ["Discovery:Registration:DrainDelay"] = "00:00:00",
            ["Discovery:Registration:Ttl"] = "00:00:06",
        });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(sinks.Logs);
        builder.Services.AddRouting();
        builder.Services.AddServiceRegistration();
        builder.Services.AddHttpClient("payments").AddDiscoveryHandler();
        var app = builder.Build();
        app.MapServiceHealth();
        return app;
    }
}
