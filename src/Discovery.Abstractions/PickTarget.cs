namespace Discovery;

/// <summary>Where a call may go, and who wants to know what becomes of it. Made once for each endpoint of an instance, so that a <see cref="ServicePick"/> is one reference to it and costs nothing.</summary>
/// <param name="instance">The instance.</param>
/// <param name="endpoint">One of its endpoints.</param>
/// <param name="feedback">Who wants to know the outcome of calls, or null for nobody.</param>
public class PickTarget(ServiceInstance instance, Uri endpoint, IPickFeedback? feedback = null)
{
    /// <summary>The instance.</summary>
    public ServiceInstance Instance { get; } = instance;

    /// <summary>The endpoint.</summary>
    public Uri Endpoint { get; } = endpoint;

    /// <summary>Who wants to know the outcome of calls, or null for nobody.</summary>
    public IPickFeedback? Feedback { get; } = feedback;
}
