using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Lookup;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Lookup;

public sealed class InstanceHistoryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly KnownInstances _known;
    private readonly InstanceHistory _history;

    public InstanceHistoryTests()
    {
        _known = new(new OutlierDetector(BalancingSettings.Default, _time, Chance.Seeded(1)));
        _history = new(_time);
    }

    [Fact]
    public void Note_OfEachChange_KeepsTheLastSoMany()
    {
        for (var i = 1; i <= InstanceHistory.Capacity + 11; i++)
        {
            NoteAfter(TimeSpan.FromSeconds(2), i);
        }

        Assert.Equal((InstanceHistory.Capacity, 12, 251), (_history.Points.Count, _history.Points[0].Total, _history.Last.Total));
        Assert.Equal(TimeSpan.FromSeconds(2), _history.Points[^1].At - _history.Points[^2].At);
    }

    [Fact]
    public void Note_OfTheSame_AddsNothing()
    {
        NoteAfter(TimeSpan.Zero, 1);
        NoteAfter(TimeSpan.FromMinutes(1), 1);

        Assert.Single(_history.Points);
    }

    [Fact]
    public void Note_WithinASecond_ReplacesTheLast()
    {
        NoteAfter(TimeSpan.Zero, 1);
        NoteAfter(TimeSpan.FromSeconds(5), 2);
        NoteAfter(TimeSpan.FromMilliseconds(900), 3);

        Assert.Equal([1, 3], _history.Points.Select(point => point.Total));
    }

    private void NoteAfter(TimeSpan time, int count)
    {
        _time.Advance(time);
        _known.Apply(RegistryChange.Delta([Instances.Create($"a{count}")], []));
        _history.Note(_known.Build());
    }
}
