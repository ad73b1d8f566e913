namespace Discovery.Simulation.Invariants;

/// <summary>What must hold at every step of every run. A run ends at the first that does not.</summary>
/// <remarks>
/// "Undisturbed" is a process that runs, whose way to the registry is open, and that has had the time to come over whatever befell
/// it, the registry or the way between them.
/// </remarks>
internal sealed record Invariant(string Name, string Sentence)
{
    public static readonly Invariant StoppedIsGone = new("stopped-is-gone",
        "A process that could say good-bye is not in the registry once it has stopped; one that could not is gone with its Ttl.");

    public static readonly Invariant StoppedIsSilent = new("stopped-is-silent",
        "A process that has stopped sends nothing more in the name of its registrations.");

    public static readonly Invariant StopIsPrompt = new("stop-is-prompt",
        "Stopping takes no longer than the time for revoking and the drain delay, whatever the registry does.");

    public static readonly Invariant RegisteredInTime = new("registered-in-time",
        "A running process whose registry is reachable is registered within one beat, what was hanging when it became reachable and one pause of the breaker.");

    public static readonly Invariant RegisteredOnce = new("registered-once",
        "No process stands twice in the registry for one registration: a second ID is taken only when the first belongs to another.");

    public static readonly Invariant HealthIsAnnounced = new("health-is-announced",
        "What the registry says of an undisturbed process's health and weight is what the process says, at most one beat late.");

    public static readonly Invariant NeverBetterThanItIs = new("never-better-than-it-is",
        "A process that has long been unhealthy is not registered as healthy, not even for one beat.");

    public static readonly Invariant RegisteredIsNeverLost = new("registered-is-never-lost",
        "A snapshot never loses an instance that has stood in the registry ever since the snapshot has had it.");

    public static readonly Invariant WipeEmptiesNobody = new("wipe-empties-nobody",
        "A registry that loses its data does not empty a snapshot in which an instance still answers.");

    public static readonly Invariant NewIsSeen = new("new-is-seen",
        "An undisturbed process sees every registration, as it stands, two seconds later.");

    public static readonly Invariant GoneIsForgotten = new("gone-is-forgotten",
        "When the registry has been quiet for EmptyHold, an undisturbed process knows what stands in it and nothing else, and says that it is live.");

    public static readonly Invariant DeadIsNotPicked = new("dead-is-not-picked",
        "An undisturbed process does not pick an instance that has left the registry and refuses connections for more than four seconds.");

    public static readonly Invariant SourceTellsTheTruth = new("source-tells-the-truth",
        "A snapshot says live, of age zero, only while the registry can be heard; a stale one is as old as the last word heard.");

    public static readonly Invariant LookupsAnswer = new("lookups-answer",
        "A pick throws only where nothing is known, and nobody waits longer than FirstAnswerTimeout.");

    public static readonly Invariant ReadersGoForward = new("readers-go-forward",
        "A reader of WatchAsync sees versions grow, and one that waits has seen the latest, however slow it was.");

    public static readonly Invariant CallsAreCounted = new("calls-are-counted",
        "No instance has more calls in flight than were begun and not ended, and none when all have ended.");

    public static readonly Invariant NobodySpins = new("nobody-spins",
        "No process sends more than a bounded number of requests in ten seconds, and none runs on while time stands still.");

    public static readonly Invariant NothingBreaks = new("nothing-breaks",
        "No loop meets an error of its own making, and no exception goes unobserved.");

    public static readonly Invariant NothingIsLeft = new("nothing-is-left",
        "A process that has ended leaves no timer, no request and no stream behind.");

    public static IReadOnlyList<Invariant> All { get; } =
    [
        StoppedIsGone, StoppedIsSilent, StopIsPrompt, RegisteredInTime, RegisteredOnce, HealthIsAnnounced, NeverBetterThanItIs,
        RegisteredIsNeverLost, WipeEmptiesNobody, NewIsSeen, GoneIsForgotten, DeadIsNotPicked, SourceTellsTheTruth, LookupsAnswer,
        ReadersGoForward, CallsAreCounted, NobodySpins, NothingBreaks, NothingIsLeft,
    ];
}
