using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Lookup;

/// <summary>One instance in several registries: what each has to say of it, and whose word counts. The rules are those of <see cref="MergedInstances"/>.</summary>
internal sealed class MergedInstance(IReadOnlyList<RegistrySource> registries, TimeProvider time)
{
    private readonly RegistryClaim[] _claims = new RegistryClaim[registries.Count];
    private long? _incarnation;

    /// <summary>The registry whose description is in use, by its place; null where none is.</summary>
    public int? DescribedBy { get; private set; }

    /// <summary>Whether a registry knows it, be its word outdated or not.</summary>
    public bool IsKnown => _claims.Any(claim => claim.Slot is not null);

    /// <summary>Whether a registry has seen it leave less than <see cref="MergedInstances.TimeToLeave"/> ago.</summary>
    public bool HasJustLeft => HasLeftBy(time.GetTimestamp());

    /// <summary>A registry has changed what it says of the instance.</summary>
    /// <param name="from">Which.</param>
    /// <param name="slot">How it knows the instance now; null where that has left it.</param>
    /// <param name="change">The number of the change; 0 for one that only shows what was so before.</param>
    public void Hear(int from, InstanceSlot? slot, long change)
    {
        ref var claim = ref _claims[from];
        if (slot is null)
        {
            claim = new() { LeftAt = claim.Slot is null ? claim.LeftAt : time.GetTimestamp() };
            _incarnation = IsKnown ? _incarnation : null;
            return;
        }

        if (slot.HeldAt is null)
        {
            claim.ChangedAt = change;
            if (HasLeftBy(claim, time.GetTimestamp()))
            {
                ForgetDepartures(); // it was seen leaving and is seen coming: the others have told of the same life
            }
        }

        claim.Slot = slot;
        claim.LeftAt = null; // if it is held now, it was believed too soon to have left
    }

    /// <summary>Decides whose word counts now.</summary>
    public ClaimKind Choose()
    {
        var best = ClaimKind.None;
        DescribedBy = null;
        for (var i = 0; i < _claims.Length; i++)
        {
            var kind = KindOf(i);
            if (kind < best || (kind == best && kind is not ClaimKind.None && IsBetter(kind, i, DescribedBy!.Value)))
            {
                (best, DescribedBy) = (kind, i);
            }
        }

        return best;
    }

    /// <summary>The instance as the registry describes it whose word counts, in the incarnation that they agree on.</summary>
    public ServiceInstance Describe()
    {
        var described = _claims[DescribedBy!.Value].Slot!.Entry.Instance;
        FollowIncarnation(described.Incarnation);
        return described.Incarnation == _incarnation ? described : described with { Incarnation = _incarnation!.Value };
    }

    private ClaimKind KindOf(int index) => _claims[index].Slot switch
    {
        null => ClaimKind.None,
        { HeldAt: null } when registries[index].IsLive => ClaimKind.Current,
        _ when HasLeftBy(StoodByAt(index)) => ClaimKind.None,
        { HeldAt: null } => ClaimKind.LastGood,
        _ => ClaimKind.Held,
    };

    /// <summary>Whether a registry has seen it leave later than that, or too shortly before for all to have heard.</summary>
    private bool HasLeftBy(long at)
    {
        foreach (ref readonly var claim in _claims.AsSpan())
        {
            if (HasLeftBy(claim, at))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasLeftBy(in RegistryClaim claim, long at) => claim.LeftAt is { } left && time.GetElapsedTime(left, at) < MergedInstances.TimeToLeave;

    private void ForgetDepartures()
    {
        foreach (ref var claim in _claims.AsSpan())
        {
            claim.LeftAt = null;
        }
    }

    private long StoodByAt(int index) => Math.Min(_claims[index].Slot!.HeldAt ?? long.MaxValue, registries[index].ConfirmedAt);

    private bool IsBetter(ClaimKind kind, int index, int than)
    {
        var (mayServe, other) = (MayServe(index), MayServe(than));
        return mayServe != other ? mayServe
            : kind is ClaimKind.Current ? _claims[index].ChangedAt > _claims[than].ChangedAt
            : StoodByAt(index) > StoodByAt(than);
    }

    private bool MayServe(int index) => _claims[index].Slot!.Entry.Instance.Health is not HealthStatus.Unhealthy;

    private void FollowIncarnation(long described)
    {
        var (same, other) = (false, false);
        for (var i = 0; i < _claims.Length; i++)
        {
            if (KindOf(i) is ClaimKind.Current && _claims[i] is { Slot.Entry.Instance.Incarnation: not 0 and var current, Incarnation: { } known })
            {
                (same, other) = (same | current == known, other | current != known);
            }
        }

        var isAnew = other && !same;
        if (isAnew)
        {
            // Two registries' numbers may be equal by chance.
            _incarnation = described == _incarnation ? described + 1 : described;
        }

        _incarnation ??= described;

        for (var i = 0; i < _claims.Length; i++)
        {
            if (KindOf(i) is ClaimKind.Current && (isAnew || _claims[i].Incarnation is null))
            {
                _claims[i].Incarnation = _claims[i].Slot!.Entry.Instance.Incarnation;
            }
        }
    }
}
