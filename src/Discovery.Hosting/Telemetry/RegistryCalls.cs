using Polly.CircuitBreaker;

namespace Discovery.Hosting.Telemetry;

/// <summary>Makes calls to registries, and tells of each: its span, how long it took, and whether the registry answered.</summary>
internal sealed class RegistryCalls(DiscoveryMetrics metrics, RegistryContacts contacts, TimeProvider time)
{
    /// <summary>A call that begins now. To be told how it ended.</summary>
    public RegistryCall Begin(IServiceRegistry registry, string operation, string serviceName = "")
    {
        var contact = contacts.Of(registry);
        return metrics.HearsRegistryCalls || DiscoveryActivities.Source.HasListeners()
            ? new HeardRegistryCall(registry, operation, serviceName, metrics, contact, time)
            : contact.UnheardCall;
    }

    /// <param name="registry">Which registry is called.</param>
    /// <param name="operation">The call as labels name it, such as <c>keep_alive</c>.</param>
    /// <param name="serviceName">The service it is about; empty for all.</param>
    /// <param name="call">Makes it.</param>
    /// <param name="state">Given to it.</param>
    /// <param name="cancellationToken">Given to it.</param>
    public async ValueTask<T> MakeAsync<TState, T>(
        IServiceRegistry registry, string operation, string serviceName, Func<TState, CancellationToken, ValueTask<T>> call, TState state, CancellationToken cancellationToken)
    {
        using var made = Begin(registry, operation, serviceName);
        try
        {
            var result = await call(state, cancellationToken).ConfigureAwait(false);
            made.Answered();
            return result;
        }
        catch (BrokenCircuitException e)
        {
            made.NotMade(e);
            throw;
        }
        catch (Exception e)
        {
            made.Failed(e, isGivenUp: cancellationToken.IsCancellationRequested);
            throw;
        }
    }

    /// <inheritdoc cref="MakeAsync{TState, T}"/>
    public ValueTask<T> MakeAsync<T>(
        IServiceRegistry registry, string operation, string serviceName, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        MakeAsync(registry, operation, serviceName, static (call, token) => call(token), call, cancellationToken);

    /// <inheritdoc cref="MakeAsync{TState, T}"/>
    public async ValueTask MakeAsync(
        IServiceRegistry registry, string operation, string serviceName, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        await MakeAsync(
            registry,
            operation,
            serviceName,
            static async (call, token) =>
            {
                await call(token).ConfigureAwait(false);
                return true;
            },
            call,
            cancellationToken).ConfigureAwait(false);
}
