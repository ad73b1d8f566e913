namespace Discovery.Testing.Servers;

/// <summary>A tree of Debian's packages that tests/run.sh has unpacked.</summary>
internal static class UnpackedTree
{
    /// <summary>Its folder; skips the test where it is not there.</summary>
    public static string Find(string folder, string what)
    {
        var path = Path.Combine(RepositoryFiles.Root, ".servers", folder);
        if (Directory.Exists(path))
        {
            return path;
        }

        var reason = $"{what} is not on this machine: run tests/run.sh, which fetches it.";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DISCOVERY_REQUIRE_SERVERS") is null, reason);
        throw new InvalidOperationException(reason);
    }
}
