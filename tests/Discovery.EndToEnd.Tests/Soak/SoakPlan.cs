using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix;
using Discovery.EndToEnd.Tests.FailureMatrix.Faults;
using Discovery.EndToEnd.Tests.FailureMatrix.Rows;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>What goes wrong in one registry during a step.</summary>
/// <param name="Row">What happens, for how long, and what must hold meanwhile and afterwards.</param>
/// <param name="Offset">How long after the step's beginning.</param>
internal sealed record SoakPart(Row Row, TimeSpan Offset);

/// <summary>Draws what goes wrong and when from a seed: the failure matrix's rows for one server, all of them before any comes again.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SoakPlan(int seed)
{
    private static readonly TimeSpan LongestOffset = TimeSpan.FromSeconds(5);

    // Nobody is believed absent for as long as this; and an answer that there is nothing is believed after EmptyHold, a minute.
    private static readonly TimeSpan LongOutage = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<Row> ConsulRows =
        [.. new[] { FailureMatrix.Rows.ConsulRows.Server, FailureMatrix.Rows.ConsulRows.Network, FailureMatrix.Rows.ConsulRows.Answers, FailureMatrix.Rows.ConsulRows.Leaving }
            .SelectMany(rows => rows).Where(CanBeAgain)];

    private static readonly IReadOnlyList<Row> EtcdRowsAlone =
        [.. new[] { EtcdRows.Server, EtcdRows.Network, EtcdRows.Leaving }.SelectMany(rows => rows).Where(CanBeAgain)];

    private readonly Random _random = new(seed);
    private readonly Queue<Row> _consul = [];
    private readonly Queue<Row> _etcd = [];

    /// <summary>What goes wrong next; in one step of four one of the two is left alone.</summary>
    public (SoakPart? Consul, SoakPart? Etcd) Next()
    {
        var (consul, etcd) = (Draw(_consul, ConsulRows), Draw(_etcd, EtcdRowsAlone));
        return _random.Next(8) switch
        {
            0 => (consul, null),
            1 => (null, etcd),
            _ => (consul, etcd),
        };
    }

    // One that wants a registry or a disk of its own, or a file in the place of a folder that callers need, is not for a stage on which others follow.
    private static bool CanBeAgain(Row row) => row is { Start: null, HasSmallDisk: false } && row.Fault != DiskFaults.CacheFolderGone;

    private SoakPart Draw(Queue<Row> deck, IReadOnlyList<Row> rows)
    {
        if (deck.Count == 0)
        {
            var shuffled = rows.ToArray();
            _random.Shuffle(shuffled);
            Array.ForEach(shuffled, deck.Enqueue);
        }

        var row = deck.Dequeue();
        var longer = _random.Next(10) switch
        {
            0 => LongOutage * _random.NextDouble(),
            < 4 => TimeSpan.FromSeconds(8) * _random.NextDouble(),
            _ => TimeSpan.Zero,
        };
        return new SoakPart(row with { Lasts = row.Lasts + longer }, LongestOffset * _random.NextDouble());
    }
}
