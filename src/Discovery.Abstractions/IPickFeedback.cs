namespace Discovery;

/// <summary>Learns what became of the calls it picked instances for.</summary>
public interface IPickFeedback
{
    /// <summary>One call has ended.</summary>
    void Report(in ServicePick pick, PickOutcome outcome);
}
