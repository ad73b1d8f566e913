namespace Discovery.Hosting.Telemetry;

/// <summary>One call to a registry that is under way, told how it ended. This one is for when nobody listens: it measures nothing, and serves all such calls.</summary>
internal class RegistryCall(RegistryContact contact) : IDisposable
{
    /// <summary>The registry has answered. A watch is answered again and again: what is measured of it is how long the first answer took.</summary>
    public virtual void Answered() => contact.Answered();

    /// <param name="error">What came of it.</param>
    /// <param name="isGivenUp">Whether the caller no longer wanted an answer, which says nothing of the registry.</param>
    public virtual void Failed(Exception error, bool isGivenUp)
    {
        if (!isGivenUp)
        {
            contact.Failed(error);
        }
    }

    /// <param name="reason">Why the registry was not even asked, which says nothing new of it.</param>
    public virtual void NotMade(Exception reason)
    {
    }

    public virtual void Dispose()
    {
    }
}
