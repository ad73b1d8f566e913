namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>One row of the matrix: a registry, a fault, and what registrations and callers must see during and after it.</summary>
/// <param name="Registry">The kind of registry.</param>
/// <param name="Fault">What happens to it.</param>
public sealed record Row(string Registry, Fault Fault)
{
    /// <summary>What stands for the row in the names of tests and in the table.</summary>
    public string Name => Leaves ? $"{Fault.Name}; a copy is told to stop meanwhile" : Fault.Name;

    /// <summary>How the registry is set up.</summary>
    public Func<Task<Registries.RegistryUnderTest>>? Start { get; init; }

    /// <summary>What stands between the registry and everybody: an HTTP server that can answer as no agent would.</summary>
    public bool HasFront { get; init; }

    /// <summary>Whether the app that runs as a process keeps its sets on a small disk of its own.</summary>
    public bool HasSmallDisk { get; init; }

    /// <summary>Whether the caller sends again what an instance has received and failed.</summary>
    public bool HasRetries { get; init; }

    /// <summary>How long the fault lasts once it is there: longer than the Ttl.</summary>
    public TimeSpan Lasts { get; init; } = Stage.Ttl + TimeSpan.FromSeconds(1.5);

    /// <summary>What callers are told meanwhile.</summary>
    public Sight Sight { get; init; } = Sight.Stale;

    /// <summary>Whether all who live stay in the callers' set, and not only some of them.</summary>
    public bool KeepsAll { get; init; } = true;

    /// <summary>Whether calls by name are all answered meanwhile.</summary>
    public bool IsAnswered { get; init; } = true;

    /// <summary>Whether one of the copies is told to stop (SIGTERM) while the fault lasts.</summary>
    public bool Leaves { get; init; }

    /// <summary>Why it is left to whoever asks for slow tests; null for a row of every run.</summary>
    public string? OnDemandBecause { get; init; }

    /// <summary>How soon after its end all must be as it should, and stay so for a Ttl.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What must hold while the fault lasts, in words.</summary>
    public string During => string.Join(", ", new[]
    {
        Sight switch { Sight.Stale => "stale", Sight.Live => "live", _ => "live or stale" },
        KeepsAll ? "all kept" : "never empty",
        IsAnswered ? "calls answered" : "lookups answered",
        Leaves ? "exit 0" : "",
    }.Where(part => part.Length > 0));

    /// <summary>What must hold after it, in words.</summary>
    public string After { get; init; } = "live, each once";

    /// <summary>The row, left to whoever asks for slow tests.</summary>
    public Row OnDemand(string because) => this with { OnDemandBecause = because };

    public override string ToString() => $"{Registry}: {Name}";
}
