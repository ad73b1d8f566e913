namespace Discovery.Hosting.Registration;

/// <summary>An instance that the app registers at run time.</summary>
internal sealed class InstanceTarget(ServiceInstance instance, RegistrationOptions defaults) : RegistrationTarget
{
    private volatile ServiceInstance _instance = instance;

    public override string ServiceName => _instance.ServiceName;

    public override TimeSpan Ttl => defaults.Ttl;

    public override IReadOnlyCollection<string> HealthTags { get; } = [.. defaults.HealthTags];

    public void Replace(ServiceInstance instance) => _instance = instance;

    public override ValueTask<ServiceInstance> DescribeAsync(IServiceRegistry registry, CancellationToken cancellationToken) => new(_instance);
}
