using Discovery.Simulation.Apps;

namespace Discovery.Simulation.Network;

/// <summary>A request as the registry sees it arrive.</summary>
/// <param name="Sender">The process that sent it; it may have ended meanwhile.</param>
/// <param name="SentAt">When it was sent: a delayed one may arrive after later ones.</param>
internal readonly record struct Call(SimulatedProcess Sender, TimeSpan SentAt);
