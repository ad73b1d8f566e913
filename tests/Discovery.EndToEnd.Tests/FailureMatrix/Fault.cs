namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Something that goes wrong: how it is brought about, how it shows that it really has been, and how it ends.</summary>
/// <param name="Name">What it is called in the table.</param>
public sealed record Fault(string Name)
{
    /// <summary>What it needs before anything is registered.</summary>
    public Func<Stage, Task> BeforeAsync { get; init; } = Nothing;

    /// <summary>What it needs once all are registered and found.</summary>
    public Func<Stage, Task> PrepareAsync { get; init; } = Nothing;

    /// <summary>Brings it about.</summary>
    public Func<Stage, Task> InjectAsync { get; init; } = Nothing;

    /// <summary>Fails where it is not there while it should be, by other means than the library's.</summary>
    public Func<Stage, Task> ProveAsync { get; init; } = Nothing;

    /// <summary>Ends it; what it fails with says that the fault was not there.</summary>
    public Func<Stage, Task> MendAsync { get; init; } = Nothing;

    /// <summary>Fails where something is not as it should once all is well again.</summary>
    public Func<Stage, Task> VerifyAsync { get; init; } = Nothing;

    private static Task Nothing(Stage stage) => Task.CompletedTask;
}
