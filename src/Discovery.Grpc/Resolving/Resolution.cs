using Grpc.Core;

namespace Discovery.Grpc.Resolving;

/// <summary>What a report of the resolver means, where its addresses alone do not say it.</summary>
/// <param name="View">The service.</param>
/// <param name="IsPending">Whether nothing is known yet, and soon will be: calls wait.</param>
/// <param name="Problem">Why there is no address; null where there is one.</param>
internal sealed record Resolution(IServiceView View, bool IsPending, Status? Problem);
