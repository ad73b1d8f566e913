using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>
/// Finds the instances of one service that fail this caller, and decides for how long they get no calls. Hears of failures on any thread; all
/// else is done under the watch's lock.
/// </summary>
internal sealed class OutlierDetector(BalancingSettings settings, TimeProvider time, Chance chance)
{
    private readonly List<EjectionEvent> _events = [];
    private volatile BalancingSettings _settings = settings;
    private long _comparedAt = time.GetTimestamp();

    /// <summary>Is told who has failed often enough, by ID, for whoever holds the lock to decide.</summary>
    public Action<string, InstanceLoad, EjectionReason>? Suspect { get; set; }

    public TimeProvider Time => time;

    public BalancingSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    public void Failed(InstanceLoad load, string id, PickOutcome outcome)
    {
        var options = _settings.Outliers;
        var inARow = load.Outcomes.Failed(outcome is PickOutcome.ConnectFailed);
        if (!options.Enabled || load.Ejection is not null)
        {
            return;
        }

        if (options.ConsecutiveConnectFailures > 0 && inARow.Connections >= options.ConsecutiveConnectFailures)
        {
            Suspect?.Invoke(id, load, EjectionReason.ConnectFailures);
        }
        else if (options.ConsecutiveFailures > 0 && inARow.Calls >= options.ConsecutiveFailures)
        {
            // Where it may not be ejected, the next row of failures asks again.
            load.Outcomes.ForgetRow();
            Suspect?.Invoke(id, load, EjectionReason.ConsecutiveFailures);
        }
    }

    /// <returns>Whether the instance is ejected by this; not where too many would be.</returns>
    public bool TryEject(InstanceTable table, InstanceSlot slot, EjectionReason reason)
    {
        if (slot.HeldAt is not null || slot.Entry.Load.Ejection is not null || !IsAllowed(table, reason))
        {
            return false;
        }

        Eject(slot, reason);
        return table.Refresh(slot);
    }

    /// <summary>The ejected instances whose time is over, and that must be found to accept connections first.</summary>
    public IEnumerable<InstanceSlot> ToProbe(InstanceTable table) =>
        IsOverFor(table).Where(slot => slot.Entry.Load.Ejection!.Reason is EjectionReason.ConnectFailures);

    /// <summary>Readmits those whose time is over, and brings slow starts forward.</summary>
    /// <returns>Whether that changed anything for who picks.</returns>
    public bool Advance(InstanceTable table)
    {
        if (!table.NeedsAttention)
        {
            return false;
        }

        foreach (var slot in IsOverFor(table).Where(slot => slot.Entry.Load.Ejection!.Reason is not EjectionReason.ConnectFailures))
        {
            Readmit(slot);
        }

        return table.Refresh();
    }

    /// <summary>An instance that no connection could be made to was probed.</summary>
    public bool Probed(InstanceTable table, InstanceSlot slot, bool accepted)
    {
        if (slot.Entry.Load.Ejection is not { Reason: EjectionReason.ConnectFailures })
        {
            return false;
        }

        if (!accepted)
        {
            Eject(slot, EjectionReason.ConnectFailures, isNews: false);
            return false;
        }

        Readmit(slot);
        return table.Refresh(slot);
    }

    /// <summary>Once an interval: ejects those whose success rate is far below their siblings', and forgives the others one ejection.</summary>
    public bool Compare(InstanceTable table)
    {
        var outliers = SuccessRates.Outliers(table, _settings.Outliers);
        foreach (var load in table.Slots.Select(slot => slot.Entry.Load).Where(load => load.Ejection is null))
        {
            load.Ejections = Math.Max(0, load.Ejections - 1);
        }

        var changed = false;
        foreach (var slot in outliers)
        {
            changed |= TryEject(table, slot, EjectionReason.SuccessRate);
        }

        return changed;
    }

    /// <summary>Whether the next comparison is due; says so once.</summary>
    /// <remarks>It is asked at that interval, give or take what timers do: a few milliseconds early must not cost a whole interval.</remarks>
    public bool IsComparisonDue()
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_comparedAt, now) < _settings.Outliers.Interval * 0.95)
        {
            return false;
        }

        _comparedAt = now;
        return true;
    }

    /// <summary>What has happened since this was last asked.</summary>
    public IReadOnlyList<EjectionEvent> TakeEvents()
    {
        if (_events.Count == 0)
        {
            return [];
        }

        EjectionEvent[] events = [.. _events];
        _events.Clear();
        return events;
    }

    private static int AtLeastOne(int percent, int count) => percent == 0 ? 0 : Math.Max(1, percent * count / 100);

    // Failed connections are proof, and most often of more than one instance at a time (a host, a rack): for these, the
    // panic threshold is limit enough.
    private bool IsAllowed(InstanceTable table, EjectionReason reason) => reason is EjectionReason.ConnectFailures
        ? !_settings.AreTooFew(table.UsableCount - 1, table.UsableCount + table.EjectedCount)
        : table.EjectedCount < AtLeastOne(_settings.Outliers.MaxEjectedPercent, table.ListedCount);

    private void Eject(InstanceSlot slot, EjectionReason reason, bool isNews = true)
    {
        var load = slot.Entry.Load;
        var length = Length(reason, ++load.Ejections);
        load.Outcomes.ForgetRow();
        load.Ejection = new(reason, length, time.GetTimestamp() + (long)(length.TotalSeconds * time.TimestampFrequency));
        if (isNews)
        {
            _events.Add(new(slot.Entry.Instance.Id, load.Ejection));
        }
    }

    private void Readmit(InstanceSlot slot)
    {
        var load = slot.Entry.Load;
        load.Ejection = null;
        load.Outcomes.ForgetRow();
        load.StartingSince = time.GetTimestamp();
        _events.Add(new(slot.Entry.Instance.Id, null));
    }

    private TimeSpan Length(EjectionReason reason, int times)
    {
        var options = _settings.Outliers;
        var first = reason is EjectionReason.ConnectFailures ? options.BaseConnectEjectionTime : options.BaseEjectionTime;
        var stray = 1 + (options.EjectionJitter * (2 * chance.Random.NextDouble() - 1));
        return TimeSpan.FromTicks((long)Math.Min(options.MaxEjectionTime.Ticks, first.Ticks * (double)times * stray));
    }

    private List<InstanceSlot> IsOverFor(InstanceTable table)
    {
        var now = time.GetTimestamp();
        return table.EjectedCount == 0 ? [] : [.. table.Slots.Where(slot => slot.Entry.Load.Ejection is { } ejection && ejection.Until <= now)];
    }
}
