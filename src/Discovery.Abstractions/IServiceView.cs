using Microsoft.Extensions.Primitives;

namespace Discovery;

/// <summary>One service, held: looks nothing up by name and, once ready, never waits.</summary>
public interface IServiceView : IDisposable
{
    /// <summary>The name of the service.</summary>
    string ServiceName { get; }

    /// <summary>What is known now. Before the first answer: no instances, <see cref="SnapshotSource.None"/>.</summary>
    ServiceSnapshot Current { get; }

    /// <summary>A token that fires when something newer is known than at the moment of this call. Ask for it first and read <see cref="Current"/> then, so that no change falls in between.</summary>
    /// <remarks>Its callbacks run on the thread pool, once, and do not hold up the watch. It outlives the view.</remarks>
    IChangeToken GetChangeToken();

    /// <summary>Ends with the first answer, at the latest after <c>Discovery:Client:FirstAnswerTimeout</c>.</summary>
    ValueTask WaitUntilReadyAsync(CancellationToken cancellationToken = default);

    /// <summary>Picks the instance for one call. Takes no lock and allocates nothing.</summary>
    /// <returns>False when no known instance would do.</returns>
    bool TryPick(in PickRequest request, out ServicePick pick);

    /// <summary>Picks the instance for one call that asks for nothing in particular, which is quicker than with a request that says so. Takes no lock and allocates nothing.</summary>
    /// <returns>False when no instance is known.</returns>
    bool TryPick(out ServicePick pick) => TryPick(default, out pick);
}
