namespace Discovery.Hosting.Registration;

/// <summary>What is allowed in a registration's settings, as numbers and as messages say it.</summary>
internal static class RegistrationLimits
{
    public const string AllowedTtl = "a time from 00:00:02 (2 seconds) to 01:00:00 (1 hour), written hh:mm:ss; a bare number would be days";
    public const string AllowedDrainDelay = "a time from 00:00:00 to 00:05:00 (5 minutes), written hh:mm:ss; a bare number would be days";
    public const string AllowedWeight = "a whole number from 0 to 1000";
    public const string AllowedPort = "a whole number from 1 to 65535";
    public const string AllowedAddress = "a host name or an IP address that callers can reach: no URL, no port, no wildcard, no link-local address";
    public const string AllowedScheme = "http or grpc, which with TLS are https or grpcs";
    public const string AllowedEndpoint = "an absolute URI with a host and a port above 0, such as http://10.0.0.1:8080: no path, no user, no query, no wildcard; schemes are " + EndpointUri.AllowedSchemes;
    public const string AllowedNetwork = "a network in CIDR form, such as 10.0.0.0/8 or fd00::/8";
    public const string AllowedText = "1 to 128 characters without control characters";
    public const string AllowedMetadataKey = "a key of 1 to 128 characters without control characters";
    public const string AllowedMetadataValue = "at most 512 characters without control characters";
    public const int MaxTags = 64;
    public const int MaxMetadata = 64;
    public const int MaxText = 128;
    public const int MaxMetadataValue = 512;

    public static readonly TimeSpan MinTtl = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan MaxTtl = TimeSpan.FromHours(1);
    public static readonly TimeSpan MaxDrainDelay = TimeSpan.FromMinutes(5);

    /// <summary>The most that revoking all registrations may take at stop.</summary>
    public static readonly TimeSpan RevokeTimeout = TimeSpan.FromSeconds(3);
}
