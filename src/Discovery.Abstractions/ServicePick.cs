using System.Runtime.InteropServices;

namespace Discovery;

/// <summary>The instance picked for one call. Report what became of the call, so that the next pick is a better one.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct ServicePick : IEquatable<ServicePick>
{
    // Two words, which are handed on in registers: with one reference each to instance, endpoint and feedback, handing on took longer than picking.
    private readonly PickTarget _target;

    /// <summary>Creates a pick.</summary>
    /// <param name="target">The instance and the one of its endpoints that suits the call.</param>
    /// <param name="startedAt">When the pick was made, as a timestamp of the clock that <see cref="PickTarget.Feedback"/> reads.</param>
    public ServicePick(PickTarget target, long startedAt = 0)
    {
        _target = target;
        StartedAt = startedAt;
    }

    /// <summary>The instance.</summary>
    public ServiceInstance Instance => _target.Instance;

    /// <summary>The one of its endpoints that suits the call.</summary>
    public Uri Endpoint => _target.Endpoint;

    /// <summary>When the pick was made, as a timestamp of the clock of whoever made it.</summary>
    public long StartedAt { get; }

    /// <summary>Says what became of the call. To be called once, when the call has ended.</summary>
    public void Report(PickOutcome outcome) => _target?.Feedback?.Report(in this, outcome);

    /// <inheritdoc/>
    public bool Equals(ServicePick other) => ReferenceEquals(_target, other._target) && StartedAt == other.StartedAt;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ServicePick other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_target?.Instance.Id, StartedAt);

    /// <summary>Same pick.</summary>
    public static bool operator ==(ServicePick left, ServicePick right) => left.Equals(right);

    /// <summary>Another pick.</summary>
    public static bool operator !=(ServicePick left, ServicePick right) => !left.Equals(right);
}
