using Discovery.Grpc.Resolving;
using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Discovery.Grpc.Balancing;

/// <summary>
/// Keeps a connection to each instance, and leaves picking to the service's own policy, over the connections that are ready. All of it
/// runs under the channel's lock, but for the picker.
/// </summary>
internal sealed class DiscoveryLoadBalancer(IChannelControlHelper channel) : LoadBalancer
{
    private readonly Dictionary<string, InstanceConnection> _connections = new(StringComparer.Ordinal);
    private Resolution? _resolution;
    private DiscoveryPicker? _picker;
    private bool _isUpdating;
    private bool _isDisposed;

    public override void UpdateChannelState(ChannelState state)
    {
        if (_isDisposed)
        {
            return;
        }

        if (Resolution.Of(state.Addresses) is not { } resolution)
        {
            Fail(new(StatusCode.Unavailable, $"The load balancer '{DiscoveryLoadBalancerFactory.PolicyName}' is for addresses such as {DiscoveryResolverFactory.Scheme}:///orders only."));
            return;
        }

        _resolution = resolution;
        _isUpdating = true; // connections that are asked for change their states right here
        Replace(state.Addresses!);
        _isUpdating = false;
        Publish();
    }

    public override void RequestConnection()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Subchannel.RequestConnection();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        Replace([]);
        base.Dispose(disposing);
    }

    // Calls under way end on the connections they are on, also where these are given up here.
    private void Replace(IReadOnlyList<BalancerAddress> addresses)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var added = new List<Subchannel>();
        foreach (var address in addresses)
        {
            if (!address.Attributes.TryGetValue(DiscoveryAttributes.Instance, out var instance) || !wanted.Add(instance.Id))
            {
                continue;
            }

            if (!_connections.TryGetValue(instance.Id, out var known) || !known.Address.EndPoint.Equals(address.EndPoint))
            {
                known?.Subchannel.Dispose();
                added.Add((_connections[instance.Id] = Connect(address)).Subchannel);
            }
        }

        foreach (var (id, connection) in _connections.Where(connection => !wanted.Contains(connection.Key)).ToList())
        {
            _connections.Remove(id);
            connection.Subchannel.Dispose();
        }

        added.ForEach(subchannel => subchannel.RequestConnection());
    }

    private InstanceConnection Connect(BalancerAddress address)
    {
        var connection = new InstanceConnection(channel.CreateSubchannel(new([address])), address);
        connection.Subchannel.OnStateChanged(state => OnChanged(connection, state));
        return connection;
    }

    private void OnChanged(InstanceConnection connection, SubchannelState state)
    {
        if (_isDisposed || !_connections.ContainsValue(connection))
        {
            return;
        }

        connection.Changed(state);
        if (!_isUpdating)
        {
            Publish();
        }

        if (state.State is ConnectivityState.TransientFailure or ConnectivityState.Idle)
        {
            channel.RefreshResolver();
        }

        if (state.State is ConnectivityState.Idle)
        {
            connection.Subchannel.RequestConnection();
        }
    }

    // A picker is replaced only when it would pick among others: calls that wait do so for a new one.
    private void Publish()
    {
        var ready = _connections.Where(connection => connection.Value.IsReady).ToDictionary(connection => connection.Key, connection => connection.Value.Subchannel, StringComparer.Ordinal);
        if (ready.Count > 0)
        {
            if (_picker?.PicksAmong(ready) is not true)
            {
                _picker = new(_resolution!.View, ready);
                channel.UpdateState(new(ConnectivityState.Ready, _picker));
            }
        }
        else if (_resolution is { IsPending: false, Problem: { } problem })
        {
            Fail(problem);
        }
        else if (_connections.Count > 0 && _connections.Values.All(connection => connection.Failure is not null))
        {
            Fail(NoneReached());
        }
        else
        {
            _picker = null;
            channel.UpdateState(new(ConnectivityState.Connecting, FixedPicker.Queue));
        }
    }

    private void Fail(Status status)
    {
        _picker = null;
        channel.UpdateState(new(ConnectivityState.TransientFailure, FixedPicker.Fail(status)));
    }

    private Status NoneReached()
    {
        var known = _resolution!.View.Current;
        var last = _connections.Values.Last().Failure!.Value;
        return new(
            StatusCode.Unavailable,
            $"None of the {_connections.Count} instances of {known.ServiceName} (source: {known.Source.ToString().ToLowerInvariant()}) can be reached: {last.DebugException?.Message ?? last.Detail}",
            last.DebugException);
    }
}
