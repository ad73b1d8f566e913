using System.Globalization;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Leases;

/// <summary>Writes the check that goes with a registration, after <c>Discovery:Consul:Check</c>.</summary>
internal sealed class CheckWriter(ConsulOptions options)
{
    private readonly ConsulCheckKind _kind = Enum.Parse<ConsulCheckKind>(options.Check, ignoreCase: true);

    public static string CheckId(string instanceId) => $"service:{instanceId}";

    /// <summary>A duration as Go reads it.</summary>
    public static string Duration(TimeSpan value) => string.Create(CultureInfo.InvariantCulture, $"{(long)value.TotalMilliseconds}ms");

    public ServiceCheck Write(ServiceInstance instance, TimeSpan ttl)
    {
        var check = new ServiceCheck
        {
            CheckID = CheckId(instance.Id),
            Name = $"Service '{instance.ServiceName}' check",
            Status = ConsulHealth.Status(instance.Health),
            DeregisterCriticalServiceAfter =
                options.DeregisterCriticalServiceAfter > TimeSpan.Zero ? Duration(options.DeregisterCriticalServiceAfter) : null,
        };
        if (_kind == ConsulCheckKind.Ttl)
        {
            return check with { TTL = Duration(ttl) };
        }

        var preferred = instance.Endpoints[0];
        check = check with { Interval = Duration(options.CheckInterval), Timeout = Duration(options.CheckTimeout) };
        return _kind switch
        {
            ConsulCheckKind.Http => check with { HTTP = HttpUrl(instance) },
            ConsulCheckKind.Grpc => check with { GRPC = $"{preferred.Host}:{preferred.Port}", GRPCUseTLS = preferred.Scheme is "https" or "grpcs" },
            _ => check with { TCP = $"{preferred.Host}:{preferred.Port}" },
        };
    }

    private string HttpUrl(ServiceInstance instance) =>
        instance.Endpoints.FirstOrDefault(e => e.Scheme is "http" or "https") is { } endpoint
            ? new Uri(endpoint, options.CheckPath).AbsoluteUri
            : throw new RegistryException(
                RegistryErrorKind.Invalid,
                $"'{instance.Id}' of '{instance.ServiceName}' has no http or https endpoint, which {ConsulOptions.SectionName}:{nameof(options.Check)} 'Http' needs.");
}
