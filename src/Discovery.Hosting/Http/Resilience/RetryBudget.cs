namespace Discovery.Hosting.Http.Resilience;

/// <summary>
/// How many retries a client may make: a share of its calls and some a second, so that retries cannot multiply the load of a service that fails
/// because it is overloaded. After Finagle's RetryBudget: each call deposits, each retry withdraws, and what is not used within 10 s is lost.
/// </summary>
internal sealed class RetryBudget(double ratio, int minPerSecond, TimeProvider time)
{
    private const double WindowSeconds = 10;

    // Five deposits of 0.2 are one retry, whatever rounding makes of their sum.
    private const double OneRetry = 1 - 1e-9;

    private readonly Lock _gate = new();
    private double _balance = minPerSecond * WindowSeconds;
    private double _deposits;
    private long _updatedAt = time.GetTimestamp();

    /// <summary>A call has been made.</summary>
    public void Deposit()
    {
        if (ratio == 0)
        {
            return;
        }

        lock (_gate)
        {
            Settle();
            _deposits++;
            _balance = Math.Min(_balance + ratio, Capacity);
        }
    }

    /// <summary>Asks for one retry.</summary>
    /// <returns>Whether there was one left.</returns>
    public bool TryWithdraw()
    {
        lock (_gate)
        {
            Settle();
            if (_balance < OneRetry)
            {
                return false;
            }

            _balance--;
            return true;
        }
    }

    // What the calls of the last window and the minimum allow: unused deposits of a busy hour do not pay for a storm afterwards.
    private double Capacity => (_deposits * ratio) + (minPerSecond * WindowSeconds);

    // The deposits decay with the window in place of being remembered one by one.
    private void Settle()
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(_updatedAt, now).TotalSeconds;
        if (passed <= 0)
        {
            return;
        }

        _updatedAt = now;
        _deposits *= Math.Exp(-passed / WindowSeconds);
        _balance = Math.Min(_balance + (minPerSecond * passed), Capacity);
    }
}
