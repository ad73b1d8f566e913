using System.Globalization;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>What a caller has seen in one phase of a row.</summary>
public sealed class Phase
{
    private readonly Lock _gate = new();
    private readonly List<string> _errors = [];
    private readonly SortedSet<SnapshotSource> _sources = [];
    private readonly Dictionary<string, int> _absent = [];
    private readonly List<string> _failedCalls = [];
    private int _looks;
    private int _calls;
    private bool _isCalled;
    private int _smallest = int.MaxValue;
    private TimeSpan _oldest;
    private SnapshotSource _last;

    /// <summary>How many calls have ended.</summary>
    public int Calls
    {
        get
        {
            lock (_gate)
            {
                return _calls;
            }
        }
    }

    /// <summary>How many of them failed.</summary>
    public int FailedCalls
    {
        get
        {
            lock (_gate)
            {
                return _failedCalls.Count;
            }
        }
    }

    public void Look(ServiceSnapshot snapshot, IEnumerable<string> living)
    {
        lock (_gate)
        {
            _looks++;
            _last = snapshot.Source;
            _sources.Add(snapshot.Source);
            _smallest = Math.Min(_smallest, snapshot.Instances.Count);
            _oldest = snapshot.Age > _oldest ? snapshot.Age : _oldest;
            if (snapshot.Age < TimeSpan.Zero)
            {
                _errors.Add($"an age of {snapshot.Age}");
            }

            foreach (var id in living.Except(snapshot.Instances.Select(instance => instance.Id)))
            {
                _absent[id] = _absent.GetValueOrDefault(id) + 1;
            }
        }
    }

    public void Fail(string error)
    {
        lock (_gate)
        {
            _errors.Add(error);
        }
    }

    /// <summary>A call begins, or was under way when the phase began.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _isCalled = true;
        }
    }

    public void Call(string? failure)
    {
        lock (_gate)
        {
            _calls++;
            if (failure is not null)
            {
                _failedCalls.Add(failure);
            }
        }
    }

    /// <summary>Lookups neither throw nor wait nor come up empty, whatever happens.</summary>
    public void AssertAnswered()
    {
        lock (_gate)
        {
            Assert.True(_errors.Count == 0, $"{_errors.Count} lookups failed, such as: {_errors.FirstOrDefault()}");
            Assert.True(_looks > 0, "nobody looked");
            Assert.True(_smallest > 0, $"a lookup came up empty ({this})");
        }
    }

    /// <summary>What else a row says of the time its fault lasts.</summary>
    public void AssertDuring(Row row)
    {
        AssertAnswered();
        lock (_gate)
        {
            Assert.True(_sources.IsSubsetOf([SnapshotSource.Live, SnapshotSource.Stale]), ToString());
            Assert.True(row.Sight == Sight.Either || _last == (row.Sight == Sight.Live ? SnapshotSource.Live : SnapshotSource.Stale), ToString());
            Assert.True(row.Sight != Sight.Stale || _oldest > TimeSpan.Zero, ToString());
            Assert.True(!row.KeepsAll || _absent.Count == 0, ToString());

            // A copy that hangs may hold the one call under way for as long as the fault lasts.
            Assert.True(row.IsAnswered ? _calls > 0 : _isCalled, "nobody called");
            Assert.True(!row.IsAnswered || _failedCalls.Count == 0, ToString());
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            var absent = string.Join(", ", _absent.Select(missing => $"{missing.Key} {missing.Value}x"));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{_looks} lookups, sources {string.Join('/', _sources)}, last {_last}, oldest {_oldest.TotalSeconds:0.0} s, smallest set {_smallest}, absent [{absent}], {_failedCalls.Count} of {_calls} calls failed {_failedCalls.FirstOrDefault()}");
        }
    }
}
