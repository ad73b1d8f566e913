using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Discovery.Consul.Wire;
using Discovery.Simulation.Network;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Simulation.Registries;

/// <summary>Consul's HTTP interface to a <see cref="ConsulAgent"/>, over the way of one process.</summary>
internal sealed partial class ConsulAgentHandler(ConsulAgent agent, Link link) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var uri = request.RequestUri!;
        var path = Uri.UnescapeDataString(uri.AbsolutePath);
        var what = $"{request.Method} {path}{(uri.Query.Contains("index", StringComparison.Ordinal) ? " and wait" : "")}";
        var reply = await link.CallAsync<Reply>(
            what, (call, answer) => Serve(call, path, uri.Query, body, answer), static reason => new HttpRequestException(reason), cancellationToken);
        var response = new HttpResponseMessage(reply.Status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(reply.Body)) };
        response.Headers.TryAddWithoutValidation("X-Consul-Index", reply.Index.ToString(CultureInfo.InvariantCulture));
        return response;
    }

    private void Serve(Call call, string path, string query, byte[] body, Action<Reply> answer)
    {
        if (path.StartsWith("/v1/health/service/", StringComparison.Ordinal))
        {
            var service = path["/v1/health/service/".Length..];
            var (index, wait) = (Number(IndexPattern().Match(query)), Number(WaitPattern().Match(query)));
            agent.Query(service, index, TimeSpan.FromMilliseconds(wait), at => answer(new(HttpStatusCode.OK, Entries(service), at)));
            return;
        }

        answer(path.Split('/') switch
        {
            [_, _, "agent", "services"] => Ok(Filtered(query, service => service.AgentId, service => service.Json)),
            [_, _, "agent", "checks"] => Ok(Filtered(query, service => $"service:{service.AgentId}", Check)),
            [_, _, "agent", "service", "register"] => Register(call, body),
            [_, _, "agent", "service", "deregister", ..] => Deregister(path["/v1/agent/service/deregister/".Length..]),
            [_, _, "agent", "service", ..] => Find(path["/v1/agent/service/".Length..]),
            [_, _, "agent", "check", var verb, ..] => Update(verb, path[$"/v1/agent/check/{verb}/service:".Length..], body),
            [_, _, "catalog", "services"] => Ok(Object(agent.Services.Select(service => service.Standing.Service).Distinct().Select(name => (name, "[]")))),
            [_, _, "acl", ..] => new(HttpStatusCode.Unauthorized, "ACL support disabled"),
            _ => throw new NotSupportedException(path),
        });
    }

    private static Reply Ok(string body) => new(HttpStatusCode.OK, body);

    private static long Number(Match match) => match.Success ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private Reply Register(Call call, byte[] body)
    {
        agent.Register(call, ConsulRegistration.Read(body));
        return new(HttpStatusCode.OK, "");
    }

    private Reply Deregister(string agentId)
    {
        var isKnown = agent.FindService(agentId) is not null;
        agent.Deregister(agentId);
        return isKnown ? new(HttpStatusCode.OK, "") : new(HttpStatusCode.NotFound, $"unknown service ID: {agentId}");
    }

    private Reply Find(string agentId) =>
        agent.FindService(agentId) is { } service ? Ok(service.Json) : new(HttpStatusCode.NotFound, $"unknown service ID: {agentId}");

    private Reply Update(string verb, string agentId, byte[] body)
    {
        var status = verb == "update" ? (string)JsonNode.Parse(body)!["Status"]! : verb switch { "pass" => "passing", "warn" => "warning", _ => "critical" };
        return agent.Update(agentId, ConsulHealth.Read(Encoding.UTF8.GetBytes(status)))
            ? new(HttpStatusCode.OK, "")
            : new(HttpStatusCode.InternalServerError, $"CheckID \"service:{agentId}\" does not have associated TTL");
    }

    private string Filtered(string query, Func<ConsulService, string> key, Func<ConsulService, string> write)
    {
        var wanted = QuotedPattern().Matches(Uri.UnescapeDataString(query)).Select(match => match.Groups[1].Value).ToHashSet();
        return Object(agent.Services.Where(service => wanted.Contains(key(service))).Select(service => (key(service), write(service))));
    }

    private string Entries(string name) => $"[{string.Join(',', agent.Services.Where(service => service.Standing.Service == name).Select(Entry))}]";

    private static string Entry(ConsulService service) =>
        $$"""{"Node":{"Node":"node","Address":"10.9.9.9"},"Service":{{service.Json}},"Checks":[{"Status":"{{Status(service)}}"}]}""";

    private static string Check(ConsulService service) => $$"""{"Status":"{{Status(service)}}","Type":"ttl"}""";

    // Neither names nor IDs have anything in them that JSON would have to escape.
    private static string Object(IEnumerable<(string Name, string Value)> members) =>
        $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}"))}}}";

    private static string Status(ConsulService service) => service.Standing.Instance.Health switch
    {
        HealthStatus.Healthy => "passing",
        HealthStatus.Degraded => "warning",
        _ => "critical",
    };

    [GeneratedRegex("[?&]index=([0-9]+)")]
    private static partial Regex IndexPattern();

    [GeneratedRegex("[?&]wait=([0-9]+)ms")]
    private static partial Regex WaitPattern();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex QuotedPattern();

    private readonly record struct Reply(HttpStatusCode Status, string Body, long Index = 0);
}
