using System.Globalization;
using System.Net;
using Discovery.Configuration;
using Discovery.Hosting.Registration.Addresses;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static Discovery.Hosting.Registration.RegistrationLimits;

namespace Discovery.Hosting.Registration;

internal sealed class RegistrationOptionsValidator(IOptions<HostOptions> host) : IValidateOptions<RegistrationOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistrationOptions options)
    {
        if (!options.Enabled)
        {
            return ValidateOptionsResult.Skip;
        }

        var failures = new FailureList(RegistrationOptions.SectionPath(name));
        ValidateIdentity(options, failures);
        ValidateAddress(options, failures);
        ValidateLabels(options, failures);
        ValidateTimes(options, failures);
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private static void ValidateIdentity(RegistrationOptions options, FailureList failures)
    {
        if (options.ServiceName is { } service && !ServiceName.TryNormalize(service, out _))
        {
            failures.Add(nameof(options.ServiceName), service, ServiceName.Allowed);
        }

        if (options.InstanceId is { } id && !ServiceName.IsInstanceId(id))
        {
            failures.Add(nameof(options.InstanceId), id, ServiceName.AllowedId);
        }
    }

    private static void ValidateAddress(RegistrationOptions options, FailureList failures)
    {
        if (options.Address is { } address && !EndpointRules.IsAdvertisableHost(address))
        {
            failures.Add(nameof(options.Address), address, AllowedAddress);
        }

        if (options.Port is { } port and (< 1 or > 65535))
        {
            failures.Add(nameof(options.Port), port.ToString(CultureInfo.InvariantCulture), AllowedPort);
        }

        if (options.Scheme is { } scheme && scheme is not ("http" or "grpc"))
        {
            failures.Add(nameof(options.Scheme), scheme, AllowedScheme);
        }

        if (options.Endpoints.Count > InstanceLimits.MaxEndpoints)
        {
            failures.Add(nameof(options.Endpoints), $"{options.Endpoints.Count} endpoints", $"at most {InstanceLimits.MaxEndpoints} endpoints");
        }

        for (var i = 0; i < options.Endpoints.Count; i++)
        {
            if (EndpointRules.Parse(options.Endpoints[i]) is null)
            {
                failures.Add($"{nameof(options.Endpoints)}:{i}", SettingFormat.WithoutUser(options.Endpoints[i]), AllowedEndpoint);
            }
        }

        if (options.Endpoints.Count > 0 && (options.Address ?? options.Scheme ?? options.Port?.ToString(CultureInfo.InvariantCulture)) is { } value)
        {
            var key = options.Address is not null ? nameof(options.Address) : options.Scheme is not null ? nameof(options.Scheme) : nameof(options.Port);
            failures.Add(key, value, $"no value where {nameof(options.Endpoints)} is set, which says it all");
        }

        for (var i = 0; i < options.PreferredNetworks.Count; i++)
        {
            if (!IPNetwork.TryParse(options.PreferredNetworks[i], out _))
            {
                failures.Add($"{nameof(options.PreferredNetworks)}:{i}", options.PreferredNetworks[i], AllowedNetwork);
            }
        }
    }

    private static void ValidateLabels(RegistrationOptions options, FailureList failures)
    {
        failures.AddUnlessText(nameof(options.Version), options.Version);
        failures.AddUnlessText(nameof(options.Zone), options.Zone);
        if (options.Weight is < 0 or > 1000)
        {
            failures.Add(nameof(options.Weight), options.Weight.ToString(CultureInfo.InvariantCulture), AllowedWeight);
        }

        failures.AddUnlessTexts(nameof(options.Tags), options.Tags, MaxTags);
        failures.AddUnlessTexts(nameof(options.HealthTags), options.HealthTags, MaxTags);
        if (options.Metadata.Count > MaxMetadata)
        {
            failures.Add(nameof(options.Metadata), $"{options.Metadata.Count} entries", $"at most {MaxMetadata} entries");
        }

        foreach (var (key, value) in options.Metadata)
        {
            if (!FailureList.IsText(key, MaxText))
            {
                failures.Add($"{nameof(options.Metadata)}:{key}", value, AllowedMetadataKey);
            }
            else if (value is { Length: > 0 } && !FailureList.IsText(value, MaxMetadataValue))
            {
                failures.Add($"{nameof(options.Metadata)}:{key}", value, AllowedMetadataValue);
            }
        }
    }

    private void ValidateTimes(RegistrationOptions options, FailureList failures)
    {
        if (options.Ttl < MinTtl || options.Ttl > MaxTtl)
        {
            failures.Add(nameof(options.Ttl), SettingFormat.Text(options.Ttl), AllowedTtl);
        }

        if (options.DrainDelay < TimeSpan.Zero || options.DrainDelay > MaxDrainDelay)
        {
            failures.Add(nameof(options.DrainDelay), SettingFormat.Text(options.DrainDelay), AllowedDrainDelay);
        }
        else if (options.DrainDelay + RevokeTimeout >= host.Value.ShutdownTimeout)
        {
            var room = host.Value.ShutdownTimeout - RevokeTimeout;
            failures.Add(nameof(options.DrainDelay), SettingFormat.Text(options.DrainDelay),
                $"less than {SettingFormat.Text(room)}: leaving the registry ({SettingFormat.Text(RevokeTimeout)} at most) and DrainDelay must fit into HostOptions.ShutdownTimeout, which is {SettingFormat.Text(host.Value.ShutdownTimeout)}");
        }
    }
}
