using System.Text.Json;
using System.Text.RegularExpressions;
using Discovery.Testing;
using Microsoft.Extensions.Hosting;

namespace Discovery.EndToEnd.Tests.Examples;

/// <summary>The compose file holds together: names, ports, times, files.</summary>
public sealed class ComposeTests
{
    private static readonly Dictionary<string, JsonElement> Services =
        YamlFile.Read("Compose/compose.yaml").Single().GetProperty("services").EnumerateObject().ToDictionary(service => service.Name, service => service.Value);

    private static IEnumerable<JsonElement> Apps => Services.Where(service => service.Key.StartsWith("quickstart-", StringComparison.Ordinal)).Select(service => service.Value);

    [Fact]
    public void Hosts_InSettings_AreServicesOfTheFile()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "examples/Compose/compose.yaml"));
        var hosts = Regex.Matches(text, @"http://([a-z0-9-]+):\d").Select(host => host.Groups[1].Value).Where(host => host != "0").Distinct().ToList();
        Assert.True(hosts.Count >= 4);
        Assert.Subset(Services.Keys.ToHashSet(), hosts.ToHashSet());
        Assert.Equal(3, Services.Keys.Count(name => name.StartsWith("etcd-", StringComparison.Ordinal)));
        Assert.All(Services.Where(service => service.Key.StartsWith("etcd-", StringComparison.Ordinal)), member =>
        {
            var environment = member.Value.GetProperty("environment");
            Assert.Equal(member.Key, environment.GetProperty("ETCD_NAME").GetString());
            Assert.Contains($"{member.Key}={environment.GetProperty("ETCD_INITIAL_ADVERTISE_PEER_URLS").GetString()}", environment.GetProperty("ETCD_INITIAL_CLUSTER").GetString()!, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Copies_HaveTheTimeToStopAndAPortEach()
    {
        Assert.Equal(2, Apps.Count());
        Assert.All(Apps, app =>
        {
            Assert.True(int.Parse(app.GetProperty("stop_grace_period").GetString()!.TrimEnd('s'), null) >= new HostOptions().ShutdownTimeout.TotalSeconds + 5);
            Assert.EndsWith($":{app.GetProperty("environment").GetProperty("ASPNETCORE_HTTP_PORTS").GetString()}", app.GetProperty("ports")[0].GetString(), StringComparison.Ordinal);
        });
        Assert.Distinct(Services.Values.SelectMany(service => service.TryGetProperty("ports", out var ports) ? ports.EnumerateArray().Select(port => port.GetString()!.Split(':')[0]) : []));
    }

    [Fact]
    public void Files_ThatAreMountedOrBuilt_AreThere()
    {
        var folder = Path.Combine(RepositoryFiles.Root, "examples/Compose");
        var mounted = Services.Values.SelectMany(service => service.TryGetProperty("volumes", out var volumes) ? volumes.EnumerateArray().Select(volume => volume.GetString()!.Split(':')[0]) : []).ToList();
        Assert.True(mounted.Count >= 5);
        Assert.All(mounted, file => Assert.True(File.Exists(Path.Combine(folder, file)), file));
        var build = Apps.First().GetProperty("build");
        Assert.True(File.Exists(Path.Combine(folder, build.GetProperty("context").GetString()!, build.GetProperty("dockerfile").GetString()!)));
    }

    [Fact]
    public void Prometheus_ScrapesTheCopies()
    {
        var discovery = YamlFile.Read("Compose/prometheus.yml").Single().GetProperty("scrape_configs")[0].GetProperty("dns_sd_configs")[0];
        Assert.Equal(["quickstart-1", "quickstart-2"], discovery.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(8080, discovery.GetProperty("port").GetInt32());
        Assert.Equal("5s", discovery.GetProperty("refresh_interval").GetString()); // 30 s unless set
    }

    /// <summary>What is built or unpacked here has no place in the image: a builder that is sent it takes this machine's for its own.</summary>
    [Fact]
    public void Builder_IsNotSentWhatGitIgnores()
    {
        var unsent = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, "examples/Compose/Dockerfile.dockerignore"));
        var ignored = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, ".gitignore")).Where(line => line.EndsWith('/')).ToList();
        Assert.Contains("obj/", ignored);
        Assert.Subset(unsent.ToHashSet(), ignored.Select(folder => $"**/{folder.TrimEnd('/')}").Append(".git").ToHashSet());
    }

    /// <summary>Builders of one image at once fail on each other's (<c>already exists</c>).</summary>
    [Fact]
    public void Copies_ThatAreBuilt_HaveAnImageEach() =>
        Assert.Distinct(Services.Values.Where(service => service.TryGetProperty("build", out _))
            .Select(service => service.TryGetProperty("image", out var image) ? image.GetString()! : "").Where(image => image.Length > 0));
}
