using System.Diagnostics;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Telemetry;

namespace Discovery.Hosting.Lookup;

/// <summary>Picking, as those see it who trace and count.</summary>
internal sealed partial class ServiceWatch
{
    public bool TryPick(in PickRequest request, out PickedEndpoint picked) =>
        _with.Observer.HearsPicks || DiscoveryActivities.Source.HasListeners()
            ? TryPickObserved(request, out picked)
            : _balancer.TryPick(_state.Set, request, out picked);

    private bool TryPickObserved(in PickRequest request, out PickedEndpoint picked)
    {
        var (state, balancer) = (_state, _balancer);
        using var span = DiscoveryActivities.Source.HasListeners() ? DiscoveryActivities.Source.StartActivity($"pick {ServiceName}") : null;
        var found = balancer.TryPick(state.Set, request, out picked);
        _with.Observer.Picked(ServiceName, found);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(Labels.Service, ServiceName)
                .SetTag(Labels.Policy, balancer.Policy.Name)
                .SetTag(Labels.Source, Labels.Of(state.Snapshot.Source));
            Describe(span, found ? picked : null);
        }

        return found;
    }

    private static void Describe(Activity span, PickedEndpoint? picked)
    {
        if (picked is { } chosen)
        {
            span.SetTag(Labels.InstanceId, chosen.Entry.Instance.Id)
                .SetTag(Labels.ServerAddress, chosen.Address.Uri.IdnHost)
                .SetTag(Labels.ServerPort, chosen.Address.Uri.Port);
        }
        else
        {
            span.SetTag(Labels.ErrorType, Labels.NoInstance).SetStatus(ActivityStatusCode.Error, "There is no instance to pick.");
        }
    }
}
