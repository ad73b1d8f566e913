namespace Discovery.Simulation.Running;

/// <summary>Notices a seed that never gives the one worker back, which nothing that runs on that worker can.</summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>A seed takes milliseconds; on a busy machine, some seconds.</summary>
    private const int Patience = 60_000;

    private readonly AutoResetEvent _fed = new(false);
    private readonly Thread _thread;
    private volatile bool _isOver;
    private volatile int _seed;

    public Watchdog()
    {
        _thread = new Thread(Watch) { IsBackground = true, Name = nameof(Watchdog) };
        _thread.Start();
    }

    /// <summary>Another seed begins.</summary>
    public void Begin(int seed)
    {
        _seed = seed;
        _fed.Set();
    }

    public void Dispose()
    {
        _isOver = true;
        _fed.Set();
        _thread.Join();
        _fed.Dispose();
    }

    private void Watch()
    {
        while (!_isOver)
        {
            if (!_fed.WaitOne(Patience))
            {
                Worker.ReportSpin(_seed);
                Environment.Exit(1);
            }
        }
    }
}
