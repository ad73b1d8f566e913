using System.Globalization;
using Discovery.Simulation.Registries;

namespace Discovery.Simulation.Running;

/// <summary>What is asked for on the command line.</summary>
internal sealed record CommandLine
{
    public const string WorkerOption = "--worker";

    public int First { get; init; }

    public int Last { get; init; } = 9_999;

    /// <summary>How far apart the seeds of one worker are.</summary>
    public int Step { get; init; } = 1;

    /// <summary>The registry that the seeds run against; null where those of all registries do.</summary>
    public RegistryKind? Registry { get; init; }

    public int Workers { get; init; } = Environment.ProcessorCount;

    public bool IsWorker { get; init; }

    public bool Traces { get; init; }

    /// <summary>The planted bugs with each of which the seeds are run; none where they are run on what is as it should be.</summary>
    public IReadOnlyList<string> Bugs { get; init; } = [];

    /// <summary>Whether each seed's hash is printed.</summary>
    public bool Hashes { get; init; }

    /// <returns>Null where it cannot be understood.</returns>
    public static CommandLine? Parse(string[] args)
    {
        CommandLine? parsed = new();
        for (var i = 0; i < args.Length && parsed is not null; i++)
        {
            parsed = args[i] switch
            {
                WorkerOption => parsed with { IsWorker = true },
                "--trace" => parsed with { Traces = true },
                "--hashes" => parsed with { Hashes = true },
                "--registry" when ++i < args.Length => Kind(args[i]) is { } kind ? parsed with { Registry = kind } : null,
                "--bugs" when ++i < args.Length => parsed with { Bugs = args[i].Split(','), Workers = 1 },
                var option when ++i < args.Length => parsed.With(option, args[i]),
                _ => null,
            };
        }

        return parsed;
    }

    private CommandLine? With(string option, string value) => (option, Range(value)) switch
    {
        ("--seed", var (seed, _)) => this with { First = seed, Last = seed, Workers = 1 },
        ("--seeds", var (first, last)) => this with { First = first, Last = last },
        ("--step", var (step, _)) => this with { Step = step },
        ("--workers", var (workers, _)) => this with { Workers = workers },
        _ => null,
    };

    // A number alone is the range from it to itself.
    private static (int First, int Last)? Range(string value) =>
        value.Split('-') is [var first, .. var rest] && rest.Length < 2 && Number(first) is { } from && Number(rest.LastOrDefault() ?? first) is { } to
            ? (from, to) : null;

    private static RegistryKind? Kind(string value) =>
        Enum.TryParse<RegistryKind>(value, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : null;

    private static int? Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
