using System.Text.RegularExpressions;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.Examples;

/// <summary>An app of the folder examples, run as its README says.</summary>
internal static class ExampleApp
{
    /// <summary>Starts it on a port of its own, with a registry in the place of the one that it would use.</summary>
    public static Task<AppProcess> StartAsync(string name, RegistryUnderTest registry, params IEnumerable<(string Name, string? Value)> settings)
    {
        var environment = new Dictionary<string, string?>(registry.Environment)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Discovery__Client__CacheDirectory"] = "",
        };
        foreach (var (setting, value) in settings)
        {
            environment[setting] = value;
        }

        var output = QuickStartApp.Output;
        return AppProcess.StartAsync(Path.Combine(RepositoryFiles.Root, "examples", name, "bin", output.Parent!.Name, output.Name, $"{name}.dll"), environment);
    }

    /// <summary>Waits until it listens.</summary>
    public static async Task<Uri> ListeningAsync(this AppProcess app)
    {
        Match listening = await app.WaitForLineAsync(@"Now listening on: (http://127\.0\.0\.1:\d+)", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return new Uri(listening.Groups[1].Value);
    }
}
