using System.Diagnostics;
using System.Runtime.CompilerServices;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Telemetry;

namespace Discovery.Hosting.Lookup;

/// <summary>Picking, as those see it who trace and count.</summary>
internal sealed partial class ServiceWatch
{
    /// <summary>Picks an instance for a call.</summary>
    /// <remarks>
    /// The usual case, inlined where it is called: instances that take turns, a call that asks for nothing in particular, and nobody who counts or traces.
    /// The processor's number comes first, as what is asked of the runtime later would find every register taken.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PickedEndpoint Pick(in PickRequest request)
    {
        var processor = ProcessorNumber.Recent;
        return _rotation is { } rotation && request is { Scheme: null, Tried: null, Among: null } && !IsObserved
            ? new(rotation.Next(processor), 0)
            : PickAny(request);
    }

    /// <summary>Picks an instance for a call that asks for nothing in particular.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PickedEndpoint Pick()
    {
        var processor = ProcessorNumber.Recent;
        return _rotation is { } rotation && !IsObserved ? new(rotation.Next(processor), 0) : PickAny();
    }

    private bool IsObserved => _picks.Enabled || DiscoveryActivities.Source.HasListeners();

    // The request is made here, as the usual case would have to clear the place for it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private PickedEndpoint PickAny() => PickAny(default);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private PickedEndpoint PickAny(in PickRequest request) => IsObserved ? PickObserved(request) : _balancer.Pick(_state.Set, request);

    private PickedEndpoint PickObserved(in PickRequest request)
    {
        var (state, balancer) = (_state, _balancer);
        using var span = DiscoveryActivities.Source.HasListeners() ? DiscoveryActivities.Source.StartActivity($"pick {ServiceName}") : null;
        var picked = balancer.Pick(state.Set, request);
        _observer.Picked(ServiceName, picked.IsFound);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(Labels.Service, ServiceName)
                .SetTag(Labels.Policy, balancer.Policy.Name)
                .SetTag(Labels.Source, Labels.Of(state.Snapshot.Source));
            Describe(span, picked.Address);
        }

        return picked;
    }

    private static void Describe(Activity span, EndpointAddress? picked)
    {
        if (picked is not null)
        {
            span.SetTag(Labels.InstanceId, picked.Instance.Id)
                .SetTag(Labels.ServerAddress, EndpointUri.HostOf(picked.Endpoint) ?? picked.Endpoint.Host)
                .SetTag(Labels.ServerPort, picked.Endpoint.Port);
        }
        else
        {
            span.SetTag(Labels.ErrorType, Labels.NoInstance).SetStatus(ActivityStatusCode.Error, "There is no instance to pick.");
        }
    }
}
