using System.Globalization;
using System.Text.Json;
using Discovery.Testing;
using Microsoft.Extensions.Hosting;

namespace Discovery.EndToEnd.Tests.Examples;

/// <summary>The manifests hold together: probes, ports, times, files.</summary>
public sealed class KubernetesTests
{
    private static readonly IReadOnlyList<JsonElement> Documents = YamlFile.Read("Kubernetes/quickstart.yaml");
    private static readonly JsonElement Pod = Document("Deployment").GetProperty("spec").GetProperty("template").GetProperty("spec");
    private static readonly JsonElement Container = Pod.GetProperty("containers").EnumerateArray().Single();

    [Fact]
    public void GracePeriod_CoversTheStopAndTheDrainFitsIntoIt()
    {
        var shutdown = new HostOptions().ShutdownTimeout;
        var drain = TimeSpan.Parse(Setting("Discovery__Registration__DrainDelay"), CultureInfo.InvariantCulture);
        Assert.True(Pod.GetProperty("terminationGracePeriodSeconds").GetInt32() >= shutdown.TotalSeconds + 5);
        Assert.True(drain + TimeSpan.FromSeconds(3) < shutdown);
        Assert.False(Container.TryGetProperty("lifecycle", out _)); // a preStop hook would hold back the leaving
    }

    [Fact]
    public void Probes_AskWhatTheAppServes()
    {
        var port = Container.GetProperty("ports").EnumerateArray().Single();
        Assert.Equal(Setting("ASPNETCORE_HTTP_PORTS"), port.GetProperty("containerPort").ToString());
        foreach (var (probe, path) in new[] { ("startupProbe", "/health/live"), ("livenessProbe", "/health/live"), ("readinessProbe", "/health/ready") })
        {
            var asked = Container.GetProperty(probe).GetProperty("httpGet");
            Assert.Equal((path, port.GetProperty("name").GetString()), (asked.GetProperty("path").GetString(), asked.GetProperty("port").GetString()));
        }

        var service = Document("Service").GetProperty("spec");
        Assert.Equal("http", service.GetProperty("ports").EnumerateArray().Single().GetProperty("targetPort").GetString());
        Assert.Equal(
            Document("Deployment").GetProperty("spec").GetProperty("selector").GetProperty("matchLabels").ToString(), service.GetProperty("selector").ToString());
    }

    [Fact]
    public void Paths_AreInVolumesAndWhatIsWrittenIsInAWritableOne()
    {
        var mounts = Container.GetProperty("volumeMounts").EnumerateArray().ToDictionary(mount => mount.GetProperty("mountPath").GetString()!);
        var volumes = Pod.GetProperty("volumes").EnumerateArray().Select(volume => volume.GetProperty("name").GetString());
        Assert.Subset(volumes.ToHashSet(), mounts.Values.Select(mount => mount.GetProperty("name").GetString()).ToHashSet());
        Assert.All(
            new[] { "Discovery__Etcd__PasswordFile", "Discovery__Etcd__Tls__CaCertificatePath" },
            name => Assert.Contains(Path.GetDirectoryName(Setting(name))!, mounts.Keys));
        Assert.False(mounts[Setting("Discovery__Client__CacheDirectory")].TryGetProperty("readOnly", out _));
        Assert.True(Container.GetProperty("securityContext").GetProperty("readOnlyRootFilesystem").GetBoolean());
    }

    /// <summary>An image called latest is pulled for every pod, and never found where it was only loaded into the cluster.</summary>
    [Fact]
    public void Image_HasATagOfItsOwn()
    {
        var image = Container.GetProperty("image").GetString()!;
        Assert.Matches(@":\d+\.\d+\.\d+$", image);
        Assert.Contains($"docker build -t {image} ", File.ReadAllText(Path.Combine(RepositoryFiles.Root, "examples/Kubernetes/README.md")), StringComparison.Ordinal);
    }

    private static JsonElement Document(string kind) => Documents.Single(document => document.GetProperty("kind").GetString() == kind);

    private static string Setting(string name) =>
        Container.GetProperty("env").EnumerateArray().Single(variable => variable.GetProperty("name").GetString() == name).GetProperty("value").GetString()!;
}
