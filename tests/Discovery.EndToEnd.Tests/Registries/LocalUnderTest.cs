using System.Text.Json;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.Registries;

/// <summary>A folder, read as files; whether an owner lives only the library can tell, so what a dead one leaves is asked of another app.</summary>
internal sealed class LocalUnderTest : RegistryUnderTest
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _leases;

    public LocalUnderTest() => _leases = _folder.Combine("leases");

    /// <summary>Where the leases are.</summary>
    public string Directory => _leases;

    public override IReadOnlyList<Uri> Addresses => [];

    public override IReadOnlyDictionary<string, string?> EnvironmentAt(params IReadOnlyList<Uri> addresses) => new Dictionary<string, string?>
    {
        ["Discovery__Provider"] = "Local",
        ["Discovery__Local__Directory"] = _leases,
    };

    public override Task<IReadOnlyDictionary<string, string>> ListAsync(string service)
    {
        var instances = new Dictionary<string, string>();
        var folder = new DirectoryInfo(_leases);
        foreach (var file in folder.Exists ? folder.GetFiles($"lease~{service}~*.json") : [])
        {
            try
            {
                using var lease = JsonDocument.Parse(File.ReadAllText(file.FullName));
                instances[lease.RootElement.GetProperty("id").GetString()!] = lease.RootElement.GetProperty("health").GetString()!;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
            {
                // gone since the folder was listed, or no lease
            }
        }

        return Task.FromResult<IReadOnlyDictionary<string, string>>(instances);
    }

    public override Task RemoveAsync(string service, string id)
    {
        foreach (var file in System.IO.Directory.GetFiles(_leases, $"lease~{service}~{id}~*.json"))
        {
            File.Delete(file);
        }

        return Task.CompletedTask;
    }

    public override Task KillAsync() => throw new NotSupportedException("There is no server.");

    public override Task StartAgainAsync(bool wipe) => throw new NotSupportedException("There is no server.");

    public override void Suspend() => throw new NotSupportedException("There is no server.");

    public override void Resume() => throw new NotSupportedException("There is no server.");

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }
}
