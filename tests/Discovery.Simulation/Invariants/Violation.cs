namespace Discovery.Simulation.Invariants;

/// <summary>The invariant that a run has broken, and how.</summary>
internal sealed record Violation(Invariant Invariant, TimeSpan At, string How);
