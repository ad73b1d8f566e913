namespace Discovery.Hosting.Registration;

/// <summary>What is wanted in the registries: how it reads there, and how it is kept alive.</summary>
internal abstract class RegistrationTarget
{
    /// <summary>The name of the service, as far as it is known before the addresses are bound.</summary>
    public abstract string ServiceName { get; }

    public abstract TimeSpan Ttl { get; }

    public abstract IReadOnlyCollection<string> HealthTags { get; }

    /// <summary>A beat goes out every third of the Ttl: two may be lost before the registration is.</summary>
    public TimeSpan BeatInterval => Ttl / 3;

    /// <summary>The instance as this registry should hold it now.</summary>
    /// <exception cref="RegistrationRefusedException">It cannot stand in this registry.</exception>
    public abstract ValueTask<ServiceInstance> DescribeAsync(IServiceRegistry registry, CancellationToken cancellationToken);
}
