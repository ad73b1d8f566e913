using Polly.CircuitBreaker;

namespace Discovery.Hosting.Telemetry;

/// <summary>Makes calls to registries, and tells of each: its span, how long it took, and whether the registry answered.</summary>
internal sealed class RegistryCalls(DiscoveryMetrics metrics, RegistryContacts contacts, TimeProvider time)
{
    /// <summary>A call that begins now. To be told how it ended.</summary>
    public RegistryCall Begin(IServiceRegistry registry, string operation, string serviceName = "") =>
        new(registry, operation, serviceName, metrics, contacts.Of(registry), time);

    /// <param name="registry">Which registry is called.</param>
    /// <param name="operation">The call as labels name it, such as <c>keep_alive</c>.</param>
    /// <param name="serviceName">The service it is about; empty for all.</param>
    /// <param name="call">Makes it.</param>
    /// <param name="cancellationToken">Given to it.</param>
    public async Task<T> MakeAsync<T>(
        IServiceRegistry registry, string operation, string serviceName, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var made = Begin(registry, operation, serviceName);
        try
        {
            var result = await call(cancellationToken).ConfigureAwait(false);
            made.Answered();
            return result;
        }
        catch (Exception e)
        {
            // A circuit that is open has not asked; a caller that gives up says nothing of the registry.
            if (e is not BrokenCircuitException)
            {
                made.Failed(e, isGivenUp: cancellationToken.IsCancellationRequested);
            }

            throw;
        }
    }

    /// <inheritdoc cref="MakeAsync{T}"/>
    public Task MakeAsync(
        IServiceRegistry registry, string operation, string serviceName, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        MakeAsync(registry, operation, serviceName, async token =>
        {
            await call(token).ConfigureAwait(false);
            return true;
        }, cancellationToken);
}
