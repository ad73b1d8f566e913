using Discovery.Hosting.Http.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Http.Resilience;

public sealed class RetryBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryWithdraw_OfAQuietClient_IsBoundedByTheMinimum()
    {
        var budget = new RetryBudget(0.2, 10, _time);
        Assert.Equal(100, Withdrawn(budget));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Withdrawn(budget));

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(100, Withdrawn(budget));
    }

    [Fact]
    public void TryWithdraw_WithoutAMinimum_IsTheRatioOfTheCalls()
    {
        var budget = new RetryBudget(0.2, 0, _time);
        Assert.Equal(0, Withdrawn(budget));

        Deposit(budget, 1000);

        Assert.Equal(200, Withdrawn(budget));
    }

    [Fact]
    public void TryWithdraw_LongAfterManyCalls_IsNotPaidForByThem()
    {
        var budget = new RetryBudget(0.2, 0, _time);
        Deposit(budget, 1000);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, Withdrawn(budget));
    }

    [Fact]
    public void TryWithdraw_ByManyThreads_GivesNoMoreThanThereIs()
    {
        var budget = new RetryBudget(0, 100, _time);
        var withdrawn = 0;

        Parallel.For(0, 8, _ => Interlocked.Add(ref withdrawn, Withdrawn(budget)));

        Assert.Equal(1000, withdrawn);
    }

    private static void Deposit(RetryBudget budget, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            budget.Deposit();
        }
    }

    private static int Withdrawn(RetryBudget budget)
    {
        var count = 0;
        while (budget.TryWithdraw())
        {
            count++;
        }

        return count;
    }
}
