using System.Runtime.CompilerServices;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>The processor that a thread runs on, as of a moment ago: asking the system each time would take longer than a pick.</summary>
internal static class ProcessorNumber
{
    private const int UseShift = 16;
    private const uint NumberMask = (1u << UseShift) - 1;
    private const uint Uses = 256;

    // How often the number may still be used, above the number.
    [ThreadStatic]
    private static uint t_known;

    /// <summary>A hint: the thread may have moved on. Good for telling counters apart, so that processors do not write to the same one all the time.</summary>
    public static uint Recent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ref var known = ref t_known;
            var last = known;
            if (last <= NumberMask)
            {
                last = Ask();
            }

            known = last - (1u << UseShift);
            return last;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Ask() => (Uses << UseShift) | ((uint)Thread.GetCurrentProcessorId() & NumberMask);
}
