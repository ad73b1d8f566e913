using Discovery.Simulation.Apps;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation.Network;

/// <summary>The way between one process and the registry. All that goes wrong there is drawn from the seed.</summary>
internal sealed class Link(SimulatedProcess process, SimulatedClock clock, Random random, Trace trace)
{
    private readonly List<IConnection> _connections = [];

    public LinkState State { get; private set; }

    public Weather Weather { get; set; }

    /// <summary>Whether what is sent now arrives, once and soon.</summary>
    public bool IsFair => State == LinkState.Up && Weather.IsFair;

    public bool IsIdle => _connections.Count == 0;

    /// <summary>Whether the process is gone: what it had sent may still arrive, nothing more is sent.</summary>
    public bool IsDead { get; set; }

    /// <summary>How many requests the process has ever sent.</summary>
    public int Sent { get; private set; }

    /// <summary>How many of all sent messages were lost.</summary>
    public int Lost { get; private set; }

    public void Become(LinkState state)
    {
        State = state;
        if (state == LinkState.Refusing)
        {
            Reset();
        }
        else if (state == LinkState.Up)
        {
            foreach (var connection in _connections.ToArray())
            {
                connection.OnHealed(random.Next(2) == 0);
            }
        }
    }

    /// <summary>Breaks all that stands, as a registry that is restarted does.</summary>
    public void Reset()
    {
        foreach (var connection in _connections.ToArray())
        {
            connection.Break();
        }
    }

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <param name="what">The request, for the trace.</param>
    /// <param name="serve">Carries it out at the registry, and replies when it has something to say.</param>
    /// <param name="failure">What the process is told of a connection that breaks.</param>
    /// <param name="cancellationToken">Gives up waiting; the request may still arrive.</param>
    public async Task<T> CallAsync<T>(string what, Action<Call, Action<T>> serve, Func<string, Exception> failure, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var exchange = new Exchange<T>(this, what, serve, failure);
        await using var cancelling = cancellationToken.Register(() => exchange.Cancel(cancellationToken));
        Open(exchange);
        if (TrySend(what))
        {
            exchange.Send();
        }

        return await exchange.Reply;
    }

    /// <summary>Counts what the process sends.</summary>
    /// <returns>False where it is gone and sends nothing.</returns>
    public bool TrySend(string what)
    {
        if (IsDead)
        {
            return false;
        }

        Sent++;
        process.Sends(what);
        return true;
    }

    public void Open(IConnection connection) => _connections.Add(connection);

    public void Close(IConnection connection) => _connections.Remove(connection);

    public Call Stamp() => new(process, clock.Now);

    public void After(TimeSpan delay, Action action) => clock.Schedule(delay, action);

    /// <summary>Lets something reach the process.</summary>
    public void Deliver(Action action) => process.Clock.Deliver(action);

    public void Note(string what) => trace.Add(process.Name, what);

    public TimeSpan Latency() => random.NextDouble() < Weather.Delay ? random.NextDouble() * Weather.MaxDelay : random.NextDouble() * Weather.MaxLatency;

    /// <summary>How soon the process hears from its own system that a connection has broken.</summary>
    public TimeSpan Promptly() => random.NextDouble() * Weather.MaxLatency;

    public TimeSpan Delay() => random.NextDouble() * Weather.MaxDelay;

    /// <summary>Whether this message is lost.</summary>
    public bool Loses()
    {
        var isLost = State != LinkState.Up || random.NextDouble() < Weather.Loss;
        Lost += isLost ? 1 : 0;
        return isLost;
    }

    public bool Duplicates() => random.NextDouble() < Weather.Duplicate;

    /// <summary>Whether who waits is told that the message was lost.</summary>
    public bool Tells() => State == LinkState.Refusing || (State == LinkState.Up && random.Next(2) == 0);
}
