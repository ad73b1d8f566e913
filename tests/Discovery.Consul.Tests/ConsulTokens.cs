using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Discovery.Testing.Servers;

namespace Discovery.Consul.Tests;

/// <summary>Tokens that may do what a policy says.</summary>
internal static class ConsulTokens
{
    public static async Task<(string Secret, string Accessor)> CreateAsync(ConsulServer server, string rules)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var policy = $"p-{Guid.NewGuid():N}";
        using var created = await server.Http.PutAsJsonAsync("/v1/acl/policy", new { Name = policy, Rules = rules }, cancellationToken);
        created.EnsureSuccessStatusCode();
        using var token = await server.Http.PutAsJsonAsync("/v1/acl/token", new { Policies = new[] { new { Name = policy } } }, cancellationToken);
        token.EnsureSuccessStatusCode();
        var answer = (await token.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
        return ((string)answer["SecretID"]!, (string)answer["AccessorID"]!);
    }

    public static async Task DeleteAsync(ConsulServer server, (string Secret, string Accessor) token)
    {
        using var deleted = await server.Http.DeleteAsync($"/v1/acl/token/{token.Accessor}", TestContext.Current.CancellationToken);
        deleted.EnsureSuccessStatusCode();
    }
}
