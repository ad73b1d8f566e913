namespace Discovery;

/// <summary>Registers further instances while the app runs, beside those that configuration asks for.</summary>
public interface IServiceRegistrar
{
    /// <summary>
    /// From now on the instance is wanted in every registry in use: it is registered, kept alive by the app's health checks,
    /// registered anew when a registry forgets it, and revoked when the app stops. An instance of the same service name and ID is replaced.
    /// </summary>
    /// <param name="instance">What to register. Its health is overridden by the app's own.</param>
    /// <param name="cancellationToken">Stops the waiting only: the instance stays wanted.</param>
    /// <returns>
    /// A task that ends when a registry in use has the instance (one that is down follows when it is back); it need not be awaited. It is cancelled where none has it before
    /// the app stops, or before the instance is deregistered.
    /// </returns>
    /// <exception cref="ArgumentException">The service name, the ID or an endpoint is not allowed, or the app's own configuration registers that ID of that service.</exception>
    /// <exception cref="InvalidOperationException">The app is stopping.</exception>
    Task RegisterAsync(ServiceInstance instance, CancellationToken cancellationToken = default);

    /// <summary>From now on the instance is not wanted: it is revoked everywhere. An instance that was never registered here is no error.</summary>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="id">The ID of the instance.</param>
    /// <param name="cancellationToken">Stops the waiting only: the instance stays unwanted.</param>
    /// <returns>A task that ends when every registry in use has been told, or has let the registration expire.</returns>
    Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken = default);
}
