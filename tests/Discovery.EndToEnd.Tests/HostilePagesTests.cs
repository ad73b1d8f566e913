using System.Text.Json;
using Discovery.EndToEnd.Tests.Registries;

namespace Discovery.EndToEnd.Tests;

/// <summary>What another user of the registry writes there is shown as text, and runs in nobody's browser.</summary>
public sealed class HostilePagesTests
{
    private const string Script = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_OfAnInstanceWhoseTextsAreScripts_ShowThemEncoded()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Etcd");
        await ((EtcdUnderTest)registry).Server.EtcdctlAsync("put", "/services/evil/evil-1", JsonSerializer.Serialize(new
        {
            endpoints = new[] { $"http://10.0.0.1:80/{Script}" },
            version = Script,
            zone = Script,
            tags = new[] { Script },
            metadata = new Dictionary<string, string> { [Script] = Script },
        }));
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);

        Assert.Equal(Script, (await app.InstancesAsync("evil"))["evil-1"].GetProperty("version").GetString()); // it is read as it stands
        foreach (var path in (string[])["/", "/discovery", "/discovery/api/services/evil", "/services", "/instances/evil", "/metrics"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await app.Http.SendAsync(request, Cancellation);
            var page = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(path is "/" or "/discovery" or "/metrics" || page.Contains("evil", StringComparison.Ordinal), $"{path}: {page}");
            if (answer.Content.Headers.ContentType?.MediaType is not ("application/json" or "text/plain")) // which no browser takes for a page
            {
                Assert.DoesNotContain("<script>alert", page, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("<img src=x", page, StringComparison.OrdinalIgnoreCase);
            }
        }
    }
}
