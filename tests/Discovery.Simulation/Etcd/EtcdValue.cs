using System.Text.Json.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mvccpb;

namespace Discovery.Simulation.Etcd;

/// <summary>Reads a key as the contract has it, with none of the code that is to keep the contract.</summary>
internal static class EtcdValue
{
    public const string KeyPrefix = "/services";

    public static ServiceInstance Read(KeyValue entry)
    {
        var value = JsonNode.Parse(entry.Value.Span)!;
        var (service, id) = Names(entry.Key.ToStringUtf8());
        return new ServiceInstance
        {
            ServiceName = service,
            Id = id,
            Endpoints = [.. value["endpoints"]!.AsArray().Select(endpoint => new Uri((string)endpoint!))],
            Weight = (int)value["weight"]!,
            Health = Enum.Parse<HealthStatus>((string)value["health"]!, ignoreCase: true),
            Incarnation = entry.CreateRevision,
        };
    }

    public static (string Service, string Id) Names(string key) => key.Split('/') is [_, _, var service, var id] ? (service, id) : throw new NotSupportedException(key);
}
