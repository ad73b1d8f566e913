using System.Threading.Channels;

namespace Discovery.Simulation.Network;

/// <summary>A stream between a process and the registry: what is written arrives in its order, late or not at all, and never twice.</summary>
internal sealed class Pipe<TUp, TDown> : IConnection
{
    private readonly Link _link;
    private readonly string _what;
    private readonly Func<string, Exception> _failure;
    private readonly Channel<TDown> _down = Channel.CreateUnbounded<TDown>();
    private readonly List<Action> _stalled = [];
    private TimeSpan _upClear;
    private TimeSpan _downClear;

    public Pipe(Link link, string what, Func<string, Exception> failure)
    {
        _link = link;
        _what = what;
        _failure = failure;
        link.Open(this);
    }

    public bool IsClosed { get; private set; }

    /// <summary>What the process reads. Ends with what the connection broke of.</summary>
    public ChannelReader<TDown> Reader => _down.Reader;

    /// <summary>Hears at the registry what the process has written.</summary>
    public Action<TUp> Arrived { get; set; } = static _ => { };

    /// <summary>Hears at the registry that the stream has ended.</summary>
    public Action Ended { get; set; } = static () => { };

    /// <summary>The process writes.</summary>
    public void Send(TUp message, string what)
    {
        if (!IsClosed && _link.TrySend(what))
        {
            Move(ref _upClear, () => Arrived(message));
        }
    }

    /// <summary>The registry writes.</summary>
    public void Reply(TDown message, string what) => Move(ref _downClear, () => _link.Deliver(() =>
    {
        if (!IsClosed)
        {
            _link.Note($"{_what} brings {what}");
            _down.Writer.TryWrite(message);
        }
    }));

    public void Break() => Break(_failure($"{_what}: reset"));

    /// <summary>The registry ends the stream for a reason.</summary>
    public void Break(Exception reason)
    {
        if (!IsClosed)
        {
            Close();
            _link.After(_link.Promptly(), () => _link.Deliver(() =>
            {
                _link.Note($"{_what} breaks");
                _down.Writer.TryComplete(reason);
            }));
        }
    }

    /// <summary>The process ends the stream.</summary>
    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _link.Close(this);
            Ended();
        }
    }

    /// <summary>The process ends the stream, and is told so where it still reads.</summary>
    public void Cancel(Exception reason)
    {
        Close();
        _down.Writer.TryComplete(reason);
    }

    public void OnHealed(bool survives)
    {
        if (!survives)
        {
            Break();
            return;
        }

        foreach (var stalled in _stalled)
        {
            stalled();
        }

        _stalled.Clear();
    }

    private void Move(ref TimeSpan clear, Action arrive)
    {
        if (IsClosed)
        {
            return;
        }

        if (_link.State != LinkState.Silent && _link.Loses())
        {
            Break();
            return;
        }

        // A stream's second message does not overtake its first.
        var delay = _link.Latency();
        var now = _link.Stamp().SentAt;
        clear = now + delay > clear ? now + delay : clear;
        _link.After(clear - now, () => Arrive(arrive));
    }

    private void Arrive(Action arrive)
    {
        if (_link.State == LinkState.Silent || _stalled.Count > 0)
        {
            _stalled.Add(arrive); // and is sent again until it gets through
        }
        else if (!IsClosed)
        {
            arrive();
        }
    }
}
