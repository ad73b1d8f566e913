using System.Text.Json;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.Registries;

internal sealed class ConsulUnderTest(ConsulServer server) : RegistryUnderTest
{
    public ConsulServer Server => server;

    public override IReadOnlyList<Uri> Addresses => [server.Address];

    public override IReadOnlyDictionary<string, string?> EnvironmentAt(params IReadOnlyList<Uri> addresses) => new Dictionary<string, string?>
    {
        ["Discovery__Provider"] = "Consul",
        ["Discovery__Consul__Address"] = addresses.Single().ToString(),
    };

    public override async Task<IReadOnlyDictionary<string, string>> ListAsync(string service)
    {
        using var answer = await JsonDocument.ParseAsync(
            await server.Http.GetStreamAsync(new Uri($"/v1/health/service/{service}", UriKind.Relative), TestContext.Current.CancellationToken));
        return answer.RootElement.EnumerateArray().ToDictionary(
            entry => entry.GetProperty("Service").GetProperty("ID").GetString()!,
            entry => Health(entry.GetProperty("Checks").EnumerateArray().Select(check => check.GetProperty("Status").GetString()!).ToList()));
    }

    public override async Task RemoveAsync(string service, string id)
    {
        using var answer = await server.Http.PutAsync(new Uri($"/v1/agent/service/deregister/{id}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public override Task KillAsync() => server.KillAsync();

    public override Task StartAgainAsync(bool wipe) => server.StartAgainAsync(wipe, TestContext.Current.CancellationToken);

    public override void Suspend() => server.Suspend();

    public override void Resume() => server.Resume();

    public override Task BackUpAsync() => server.BackUpAsync(TestContext.Current.CancellationToken);

    public override Task RestoreAsync() => server.RestoreAsync(TestContext.Current.CancellationToken);

    public override async Task<long> GetPositionAsync()
    {
        using var answer = await server.Http.GetAsync(new Uri("/v1/catalog/services", UriKind.Relative), TestContext.Current.CancellationToken);
        using var filler = await server.Http.GetAsync(new Uri("/v1/kv/filler", UriKind.Relative), TestContext.Current.CancellationToken);
        return new[] { answer, filler }.Max(each => long.Parse(each.Headers.GetValues("X-Consul-Index").Single(), System.Globalization.CultureInfo.InvariantCulture));
    }

    public override async Task WriteAsync(int count)
    {
        for (var i = 0; i < count; i++) // a value that is there already would not be written
        {
            using var written = await server.Http.PutAsync(new Uri("/v1/kv/filler", UriKind.Relative), new StringContent(Guid.NewGuid().ToString()), TestContext.Current.CancellationToken);
            written.EnsureSuccessStatusCode();
        }
    }

    public override ValueTask DisposeAsync() => server.DisposeAsync();

    private static string Health(List<string> checks) =>
        checks.Contains("critical") ? "unhealthy" : checks.Contains("warning") ? "degraded" : "healthy";
}
