using System.Text.Json.Nodes;

namespace Discovery.Consul.Tests.Watching;

/// <summary>Answers of <c>/v1/health/service</c> as Consul 1.8 writes them.</summary>
internal static class HealthAnswer
{
    public static byte[] List(params JsonNode?[] entries) => System.Text.Encoding.UTF8.GetBytes(new JsonArray(entries).ToJsonString());

    public static JsonObject Entry(string id, long modifyIndex = 10, string status = "passing", string node = "node-1", string address = "10.0.0.1", int port = 80) => new()
    {
        ["Node"] = new JsonObject { ["Node"] = node, ["Address"] = "192.168.0.1", ["Datacenter"] = "dc1", ["CreateIndex"] = 5, ["ModifyIndex"] = 7 },
        ["Service"] = new JsonObject
        {
            ["ID"] = id,
            ["Service"] = "orders",
            ["Tags"] = new JsonArray("a"),
            ["Address"] = address,
            ["TaggedAddresses"] = new JsonObject
            {
                ["lan_ipv4"] = new JsonObject { ["Address"] = address, ["Port"] = port },
                ["wan_ipv4"] = new JsonObject { ["Address"] = address, ["Port"] = port },
            },
            ["Meta"] = new JsonObject { ["k"] = "v" },
            ["Port"] = port,
            ["Weights"] = new JsonObject { ["Passing"] = 100, ["Warning"] = 100 },
            ["Connect"] = new JsonObject(),
            ["CreateIndex"] = 8,
            ["ModifyIndex"] = modifyIndex,
        },
        ["Checks"] = new JsonArray(
            new JsonObject { ["CheckID"] = "serfHealth", ["Status"] = "passing", ["ModifyIndex"] = 5 },
            new JsonObject { ["CheckID"] = $"service:{id}", ["Status"] = status, ["ServiceTags"] = new JsonArray("a"), ["ModifyIndex"] = modifyIndex }),
    };
}
