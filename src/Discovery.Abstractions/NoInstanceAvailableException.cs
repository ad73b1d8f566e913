using System.Globalization;

namespace Discovery;

/// <summary>No instance of a service would do for a call.</summary>
public sealed class NoInstanceAvailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public NoInstanceAvailableException()
        : base("No instance is available.")
    {
    }

    /// <summary>Creates the exception.</summary>
    public NoInstanceAvailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public NoInstanceAvailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for what is known of a service.</summary>
    /// <param name="snapshot">What is known: its source and age tell a missing service from a missing registry.</param>
    /// <param name="request">What the call needed.</param>
    public NoInstanceAvailableException(ServiceSnapshot snapshot, in PickRequest request)
        : this(snapshot, request, [])
    {
    }

    /// <summary>Creates the exception for what is known of a service, and of the registries that may know more.</summary>
    /// <param name="snapshot">What is known of the service.</param>
    /// <param name="request">What the call needed.</param>
    /// <param name="silentRegistries">The registries that do not answer now what instances the service has.</param>
    public NoInstanceAvailableException(ServiceSnapshot snapshot, in PickRequest request, IReadOnlyList<RegistryStatus> silentRegistries)
        : base(Describe(snapshot, request.Scheme, silentRegistries))
    {
        SilentRegistries = silentRegistries;
        ServiceName = snapshot.ServiceName;
        SnapshotSource = snapshot.Source;
        Age = snapshot.Age;
    }

    /// <summary>The name of the service, or null where unknown.</summary>
    public string? ServiceName { get; }

    /// <summary>Where what is known of the service is known from.</summary>
    public SnapshotSource SnapshotSource { get; } = SnapshotSource.None;

    /// <summary>How old it is.</summary>
    public TimeSpan Age { get; }

    /// <summary>
    /// The registries that did not answer what instances the service has: it may have some. Empty where all have said that none would do, and where nothing is known of registries.
    /// </summary>
    public IReadOnlyList<RegistryStatus> SilentRegistries { get; } = [];

    private static string Describe(ServiceSnapshot snapshot, string? scheme, IReadOnlyList<RegistryStatus> silentRegistries)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(silentRegistries);
        var age = snapshot.Age.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        var known = snapshot.Instances.Count == 0
            ? "none is known"
            : string.Create(CultureInfo.InvariantCulture, $"none of the {snapshot.Instances.Count} known has an endpoint of scheme {scheme ?? "any"}");
        return $"No instance of service '{snapshot.ServiceName}' is available: {known} (source {snapshot.Source}, age {age} s).{string.Concat(silentRegistries.Select(Describe))}";
    }

    private static string Describe(RegistryStatus silent)
    {
        var reason = silent.LastError is { } error ? $": {error}" : ".";
        return silent.LastAnswer is { } answered
            ? string.Create(CultureInfo.InvariantCulture, $" {silent.Registry} has not answered since {answered:u}{reason}")
            : string.Create(CultureInfo.InvariantCulture, $" {silent.Registry} has never answered, asked since {silent.FailingSince:u}{reason}");
    }
}
