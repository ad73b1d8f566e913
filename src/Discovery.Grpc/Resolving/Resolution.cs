using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Discovery.Grpc.Resolving;

/// <summary>What a report of the resolver means, where its addresses alone do not say it.</summary>
/// <param name="View">The service.</param>
/// <param name="IsPending">Whether nothing is known yet, and soon will be: calls wait.</param>
/// <param name="Problem">Why there is no address; null where there is one.</param>
internal sealed record Resolution(IServiceView View, bool IsPending, Status? Problem)
{
    /// <summary>What goes with a report to our balancer; null in one to another.</summary>
    public static Resolution? Of(IReadOnlyList<BalancerAddress>? addresses) =>
        addresses is [{ } first, ..] && first.Attributes.TryGetValue(DiscoveryAttributes.Resolution, out var resolution) ? resolution : null;
}
