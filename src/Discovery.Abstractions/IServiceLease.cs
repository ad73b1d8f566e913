using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery;

/// <summary>A live registration: it lasts as long as it is kept alive, and ends when it is revoked.</summary>
/// <remarks>Members are called one at a time. Disposing lets go of the handle; it revokes nothing.</remarks>
public interface IServiceLease : IAsyncDisposable
{
    /// <summary>What the registry calls it, for people (such as <c>check service:orders-1</c>). Never holds a secret.</summary>
    string Description { get; }

    /// <summary>Tells the registry that the instance lives, and how it fares.</summary>
    /// <param name="health">What the app's own health checks say.</param>
    /// <param name="note">A line for people that goes with the health where the registry has a place for it.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the registry heard it is then unknown.</param>
    /// <returns>Whether the registration is still there, and still ours.</returns>
    /// <exception cref="RegistryException">The registry could not be asked, or refused. The registration may still stand.</exception>
    Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken);

    /// <summary>Takes the registration back, unless another copy has since taken it over.</summary>
    /// <remarks>Idempotent: a registration that is gone is no error.</remarks>
    /// <exception cref="RegistryException">The registry could not be asked, or refused; the registration ends with its Ttl.</exception>
    Task RevokeAsync(CancellationToken cancellationToken);
}
