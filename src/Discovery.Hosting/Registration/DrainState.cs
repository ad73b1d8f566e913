namespace Discovery.Hosting.Registration;

/// <summary>Whether the app is leaving: from the signal to stop until its end it still serves, and wants no new callers.</summary>
internal sealed class DrainState
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public void Begin() => _isDraining = true;
}
