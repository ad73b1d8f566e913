namespace Discovery;

/// <summary>A place where services are registered and found. This is what a provider implements.</summary>
/// <remarks>
/// <para>
/// A provider holds no policy. It may try each of its endpoints once, re-authenticate once, resume a stream, and wait inside
/// <see cref="WatchAsync"/> to pace its queries or to notice an expiry; backing off, trying again and giving up are its caller's.
/// </para>
/// <para>
/// Every method throws <see cref="RegistryException"/>, whose <see cref="RegistryException.Kind"/> tells a registry that is
/// down from one that refuses, and <see cref="OperationCanceledException"/> only when the caller's token was cancelled.
/// What is no service name or no instance ID is Invalid (<see cref="ServiceName.Checked"/>, <see cref="ServiceName.CheckedId"/>), and nothing is asked of the registry.
/// Members may be called concurrently. Disposing closes connections; it revokes nothing.
/// </para>
/// </remarks>
public interface IServiceRegistry : IAsyncDisposable
{
    /// <summary>
    /// Which registry this is, for people and as the key of what is cached from it: provider, addresses and name space
    /// (such as <c>Consul http://127.0.0.1:8500</c>). The same for equal configurations; never holds a secret.
    /// </summary>
    string Description { get; }

    /// <summary>Where the registry is reached; empty when it lives on this machine without a network (Local).</summary>
    IReadOnlyList<Uri> Endpoints { get; }

    /// <summary>
    /// Whether what is asked of it carries a credential (a token, a user, a client certificate). A registry elsewhere that asks for none
    /// takes anybody's word.
    /// </summary>
    bool IsAuthenticated => false;

    /// <summary>
    /// How often it has met an entry so far that cannot be used as an instance, and has left it out. Only grows.
    /// </summary>
    long SkippedEntries => 0;

    /// <summary>Registers an instance, or replaces, without a gap, what is registered under its service name and ID.</summary>
    /// <param name="instance">What to register; its <see cref="ServiceInstance.Health"/> is what it is announced with.</param>
    /// <param name="ttl">How long the registration outlives its last keep-alive. A registry may round it up.</param>
    /// <param name="cancellationToken">
    /// Gives up waiting. The outcome is then unknown: the instance may be registered, and is removed by <see cref="DeregisterAsync"/> or expires.
    /// </param>
    /// <returns>The live registration.</returns>
    /// <exception cref="RegistryException">The registry did not take it, or its answer was lost.</exception>
    Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken);

    /// <summary>Removes an instance whoever registered it. Needs no lease: it is for when the reply to a registration was lost.</summary>
    /// <remarks>Idempotent: an instance that is not there is no error.</remarks>
    /// <exception cref="RegistryException">The registry could not be asked, or refused.</exception>
    Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken);

    /// <summary>Follows the instances of a service, of every health.</summary>
    /// <remarks>
    /// The first change comes at once and is complete, even when it is empty. A change with nothing in it
    /// (<see cref="RegistryChange.Confirmation"/>) says that the registry still stands by what was last reported.
    /// </remarks>
    /// <returns>A sequence without an end: it throws when the registry is lost, and ends by cancellation only.</returns>
    /// <exception cref="RegistryException">The registry was lost or refuses. What was last reported may still be true.</exception>
    IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, CancellationToken cancellationToken);

    /// <summary>The names of all services with a registration of any health, in ordinal order.</summary>
    /// <exception cref="RegistryException">The registry could not be asked, or refused.</exception>
    Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken);
}
