using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Local.Leases;

/// <summary>Writes a lease as JSON whose counter can be moved in place, and reads what others wrote.</summary>
internal static class LeaseFormat
{
    /// <summary>The largest file that is written or read, in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Where the counter stands in every file.</summary>
    public const int CounterOffset = 11;

    private const int CounterWidth = 19;
    private const int MinWeight = 0;
    private const int MaxWeight = 1000;

    /// <summary>The longest a lease may outlive its last keep-alive.</summary>
    public static readonly TimeSpan MaxTtl = TimeSpan.FromDays(1);

    /// <summary>Checks what is to be registered, and lower-cases its service name.</summary>
    /// <exception cref="RegistryException">Readers would not take it.</exception>
    public static ServiceInstance Validate(ServiceInstance instance, TimeSpan ttl)
    {
        var refusal = !ServiceName.TryNormalize(instance.ServiceName, out var name) ? $"a service name takes {ServiceName.Allowed}"
            : !ServiceName.IsInstanceId(instance.Id) ? $"an ID takes {ServiceName.AllowedId}"
            : !instance.Endpoints.Any(EndpointUri.IsUsable) ? "it has no usable endpoint"
            : InstanceLimits.Exceeded(instance) is { } excess ? $"it {excess}"
            : ttl <= TimeSpan.Zero || ttl > MaxTtl ? $"its ttl is {ttl}"
            : null;
        return refusal is null
            ? instance with { ServiceName = name }
            : throw new RegistryException(
                RegistryErrorKind.Invalid, $"Instance '{instance.Id}' of '{instance.ServiceName}' cannot be registered: {refusal}.");
    }

    /// <summary>The whole file.</summary>
    /// <exception cref="RegistryException">The instance says more than a file may hold.</exception>
    public static byte[] Encode(ServiceInstance instance, TimeSpan ttl, long counter)
    {
        var value = new LeaseValue
        {
            Incarnation = instance.Incarnation,
            Ttl = ttl,
            Pid = Environment.ProcessId,
            Id = instance.Id,
            Name = instance.ServiceName,
            Version = instance.Version,
            Endpoints = [.. instance.Endpoints.Select(WithoutTrailingSlash)],
            Zone = instance.Zone,
            Weight = instance.Weight,
            Tags = instance.Tags,
            Metadata = instance.Metadata,
            Health = instance.Health,
        };
        var members = JsonSerializer.SerializeToUtf8Bytes(value, LeaseJson.Default.LeaseValue).AsSpan(1);
        byte[] file = [.. "{\"counter\":"u8, .. EncodeCounter(counter), (byte)',', .. members];
        return file.Length <= MaxLength
            ? file
            : throw new RegistryException(
                RegistryErrorKind.Invalid,
                $"Instance '{instance.Id}' of '{instance.ServiceName}' takes {file.Length} bytes; allowed are {MaxLength}.");
    }

    /// <summary>The counter alone: as wide as every counter, so that it can be written over the last one.</summary>
    public static byte[] EncodeCounter(long counter) =>
        Encoding.ASCII.GetBytes(counter.ToString(CultureInfo.InvariantCulture).PadLeft(CounterWidth));

    /// <summary>Reads a file, which may hold anything.</summary>
    /// <returns>Null when it holds no lease, and why.</returns>
    public static Lease? TryDecode(ReadOnlySpan<byte> file, string fileName, out string reason)
    {
        if (file.Length > MaxLength)
        {
            reason = $"it is larger than {MaxLength} bytes";
            return null;
        }

        LeaseValue? value;
        try
        {
            value = JsonSerializer.Deserialize(file, LeaseJson.Default.LeaseValue);
        }
        catch (JsonException malformed)
        {
            reason = malformed.Message;
            return null;
        }

        reason = Check(value, fileName) ?? "";
        if (value is null || reason.Length > 0)
        {
            return null;
        }

        var endpoints = Endpoints(value);
        reason = endpoints.Count > 0 ? "" : "it has no usable endpoint";
        return endpoints.Count > 0 ? new(Instance(value, endpoints), value.Ttl, value.Counter) : null;
    }

    private static string? Check(LeaseValue? value, string fileName)
    {
        if (value is null || !ServiceName.TryNormalize(value.Name, out var name) || name != value.Name || !ServiceName.IsInstanceId(value.Id))
        {
            return "it has no service name or no ID";
        }

        if (LeaseFileName.Of(value.Name, value.Id) != fileName)
        {
            return $"it is of '{value.Id}' of '{value.Name}', whose file has another name";
        }

        if (value.Ttl <= TimeSpan.Zero || value.Ttl > MaxTtl)
        {
            return $"its ttl is {value.Ttl}";
        }

        if (InstanceLimits.Exceeded(value.Endpoints.Count, value.Tags?.Count ?? 0, value.Metadata?.Count ?? 0) is { } excess)
        {
            return $"it {excess}";
        }

        // The serializer minds nulls in members, but not within lists.
        return value.Tags?.Contains(null!) == true || value.Metadata?.Values.Contains(null!) == true ? "it has a tag or a label that is null" : null;
    }

    private static List<Uri> Endpoints(LeaseValue value)
    {
        var usable = new List<Uri>(value.Endpoints.Count);
        foreach (var text in value.Endpoints)
        {
            if (EndpointUri.Parse(text) is { } endpoint)
            {
                usable.Add(endpoint);
            }
        }

        return usable;
    }

    private static ServiceInstance Instance(LeaseValue value, List<Uri> endpoints) => new()
    {
        ServiceName = value.Name,
        Id = value.Id,
        Endpoints = endpoints,
        Version = value.Version,
        Zone = value.Zone,
        Weight = Math.Clamp(value.Weight ?? ServiceInstance.DefaultWeight, MinWeight, MaxWeight),
        Tags = value.Tags ?? [],
        Metadata = value.Metadata ?? new Dictionary<string, string>(),
        Health = value.Health ?? HealthStatus.Healthy,
        Incarnation = value.Incarnation,
    };

    private static string WithoutTrailingSlash(Uri endpoint) =>
        endpoint.AbsoluteUri is var uri && endpoint.PathAndQuery == "/" ? uri.TrimEnd('/') : uri;
}
