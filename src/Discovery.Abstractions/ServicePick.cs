using System.Runtime.InteropServices;

namespace Discovery;

/// <summary>The instance picked for one call. Report what became of the call, so that the next pick is a better one.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct ServicePick : IEquatable<ServicePick>
{
    private readonly IPickFeedback? _feedback;

    /// <summary>Creates a pick.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="endpoint">The one of its endpoints that suits the call.</param>
    /// <param name="feedback">Who wants to know the outcome, or null for nobody.</param>
    /// <param name="startedAt">When the pick was made, as a timestamp of the clock that <paramref name="feedback"/> reads.</param>
    public ServicePick(ServiceInstance instance, Uri endpoint, IPickFeedback? feedback = null, long startedAt = 0)
    {
        Instance = instance;
        Endpoint = endpoint;
        _feedback = feedback;
        StartedAt = startedAt;
    }

    /// <summary>The instance.</summary>
    public ServiceInstance Instance { get; }

    /// <summary>The one of its endpoints that suits the call.</summary>
    public Uri Endpoint { get; }

    /// <summary>When the pick was made, as a timestamp of the clock of whoever made it.</summary>
    public long StartedAt { get; }

    /// <summary>Says what became of the call. To be called once, when the call has ended.</summary>
    public void Report(PickOutcome outcome) => _feedback?.Report(in this, outcome);

    /// <inheritdoc/>
    public bool Equals(ServicePick other) =>
        ReferenceEquals(Instance, other.Instance) && ReferenceEquals(Endpoint, other.Endpoint) && StartedAt == other.StartedAt;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ServicePick other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Instance.Id, StartedAt);

    /// <summary>Same pick.</summary>
    public static bool operator ==(ServicePick left, ServicePick right) => left.Equals(right);

    /// <summary>Another pick.</summary>
    public static bool operator !=(ServicePick left, ServicePick right) => !left.Equals(right);
}
