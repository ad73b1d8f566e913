using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Discovery.Testing;

/// <summary>Waits for a condition by asking again and again, up to a bound: for what happens soon, at an unknown moment.</summary>
public static class Eventually
{
    /// <summary>The bound where a test gives none: generous, since machines are shared and slow.</summary>
    public static readonly TimeSpan DefaultBound = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">What is waited for. An exception it throws ends the waiting.</param>
    /// <param name="bound">How long at most; <see cref="DefaultBound"/> where null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="expression">The condition's text, for the message.</param>
    /// <exception cref="Xunit.Sdk.XunitException">The bound has passed.</exception>
    public static Task HoldsAsync(
        Func<bool> condition, TimeSpan? bound = null, CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        IsAsync(condition, held => held, bound, cancellationToken, expression);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, TimeSpan?, CancellationToken, string)"/>
    [OverloadResolutionPriority(1)]
    public static Task HoldsAsync(
        Func<Task<bool>> condition, TimeSpan? bound = null, CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        IsAsync(condition, held => held, bound, cancellationToken, expression);

    /// <summary>Waits until what is observed is as expected, and returns it.</summary>
    /// <param name="observe">Looks again each time. An exception it throws ends the waiting.</param>
    /// <param name="expected">What is waited for.</param>
    /// <param name="bound">How long at most; <see cref="DefaultBound"/> where null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="expression">The expectation's text, for the message.</param>
    /// <exception cref="Xunit.Sdk.XunitException">The bound has passed; the message tells the value last observed.</exception>
    public static Task<T> IsAsync<T>(
        Func<T> observe, Func<T, bool> expected, TimeSpan? bound = null, CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(expected))] string expression = "") =>
        IsAsync(() => Task.FromResult(observe()), expected, bound, cancellationToken, expression);

    /// <inheritdoc cref="IsAsync{T}(Func{T}, Func{T, bool}, TimeSpan?, CancellationToken, string)"/>
    [OverloadResolutionPriority(1)] // an async lambda fits both; what it returns is to be awaited
    public static async Task<T> IsAsync<T>(
        Func<Task<T>> observe, Func<T, bool> expected, TimeSpan? bound = null, CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(expected))] string expression = "")
    {
        var limit = bound ?? DefaultBound;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var late = Stopwatch.GetElapsedTime(started) > limit; // taken before the look, so that the last look comes after the bound
            var observed = await observe();
            if (expected(observed))
            {
                return observed;
            }

            if (late)
            {
                throw new Xunit.Sdk.XunitException($"Not within {limit}: {expression}. Last observed: {Describe(observed)}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static string Describe<T>(T observed) => observed switch
    {
        null => "null",
        string text => $"\"{text}\"",
        System.Collections.IEnumerable items => $"[{string.Join(", ", items.Cast<object?>())}]",
        _ => observed.ToString() ?? "",
    };
}
