using System.Text.Json;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.Registries;

/// <summary>What reloads live, as it stands in a registry for one instance of QuickStart, read past the library.</summary>
internal sealed record RegisteredLabels(string Labels, string? Team, int Weight, string? Zone)
{
    public static async Task<RegisteredLabels> ReadAsync(RegistryUnderTest registry, string id) => registry switch
    {
        ConsulUnderTest consul => OfConsul(await ConsulEntryAsync(consul.Server, id)),
        EtcdUnderTest etcd => OfValue(await etcd.Server.EtcdctlAsync("get", $"/services/quickstart/{id}", "--print-value-only")),
        _ => OfValue(await File.ReadAllTextAsync(
            Directory.GetFiles(registry.Environment["Discovery__Local__Directory"]!, $"lease~quickstart~{id}~*.json").Single(), TestContext.Current.CancellationToken)),
    };

    private static async Task<JsonElement> ConsulEntryAsync(ConsulServer server, string id)
    {
        var url = new Uri("/v1/health/service/quickstart", UriKind.Relative);
        using var entries = JsonDocument.Parse(await server.Http.GetStringAsync(url, TestContext.Current.CancellationToken));
        return entries.RootElement.EnumerateArray().Select(entry => entry.GetProperty("Service")).Single(service => service.GetProperty("ID").GetString() == id).Clone();
    }

    private static RegisteredLabels OfConsul(JsonElement service) => new(
        TagsOf(service.GetProperty("Tags")),
        TextOf(service.GetProperty("Meta"), "team"),
        service.GetProperty("Weights").GetProperty("Passing").GetInt32(),
        TextOf(service.GetProperty("Meta"), "zone"));

    private static RegisteredLabels OfValue(string json)
    {
        using var value = JsonDocument.Parse(json);
        var instance = value.RootElement;
        return new(
            TagsOf(instance.GetProperty("tags")),
            TextOf(instance.GetProperty("metadata"), "team"),
            instance.GetProperty("weight").GetInt32(),
            TextOf(instance, "zone"));
    }

    private static string TagsOf(JsonElement tags) =>
        string.Join(',', tags.EnumerateArray().Select(tag => tag.GetString()).Where(tag => !tag!.Contains('=', StringComparison.Ordinal)));

    private static string? TextOf(JsonElement from, string name) => from.TryGetProperty(name, out var text) ? text.GetString() : null;
}
