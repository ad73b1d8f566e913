using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>Finds the programs of the real registries: an environment variable, what tests/run.sh has unpacked, the PATH.</summary>
public static class ServerProgram
{
    /// <summary>Consul.</summary>
    public static string Consul() => Find("CONSUL_BIN", "consul", "consul", onPath: true);

    /// <summary>An etcd.</summary>
    public static string Etcd(EtcdVersion version) => version switch
    {
        EtcdVersion.V34 => Find("ETCD34_BIN", "etcd-3.4", "etcd", onPath: false),
        _ => Find("ETCD_BIN", "etcd-3.5", "etcd", onPath: true),
    };

    /// <summary>One that can ask Consul what to scrape, which those of many distributions cannot.</summary>
    public static string Prometheus() => Find("PROMETHEUS_BIN", "prometheus", "prometheus", onPath: false);

    /// <summary>The promtool that came with that Prometheus.</summary>
    public static string Promtool() => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Prometheus()))!, "promtool");

    /// <summary>A browser that runs without a screen.</summary>
    public static string Chromium() => Find("CHROMIUM_BIN", "chromium", "chromium", onPath: true);

    /// <summary>The script that looks for faults of accessibility in a page.</summary>
    public static string Axe() => Find("AXE_JS", "axe", "axe.min.js", onPath: false);

    /// <summary>The etcdctl that came with that etcd, else the one on the PATH.</summary>
    public static string Etcdctl(string etcd)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(etcd))!, "etcdctl");
        return File.Exists(beside) ? beside : Spawner.FindOnPath("etcdctl") ?? throw Skipped("etcdctl", "ETCD_BIN");
    }

    private static string Find(string variable, string folder, string program, bool onPath)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new FileNotFoundException($"{variable} names a program that is not there.", named);
        }

        var unpacked = Path.Combine(RepositoryFiles.Root, ".servers", folder, program);
        return File.Exists(unpacked) ? unpacked
            : onPath && Spawner.FindOnPath(program) is { } installed ? installed
            : throw Skipped(folder, variable);
    }

    private static InvalidOperationException Skipped(string what, string variable)
    {
        var reason = $"{what} is not on this machine: run tests/run.sh, which fetches it, or set {variable}.";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DISCOVERY_REQUIRE_SERVERS") is null, reason);
        return new InvalidOperationException(reason);
    }
}
