namespace Discovery.Benchmarks.Registering;

/// <summary>What this process uses each second.</summary>
/// <param name="Cpu">Milliseconds of CPU.</param>
/// <param name="Kilobytes">Kilobytes allocated.</param>
internal sealed record Use(double Cpu, double Kilobytes)
{
    public static Use operator -(Use all, Use part) => new(all.Cpu - part.Cpu, all.Kilobytes - part.Kilobytes);

    public static async Task<Use> MeasureAsync()
    {
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        await Task.Delay(Heartbeats.Measured, TimeProvider.System);
        var seconds = Heartbeats.Measured.TotalSeconds;
        return new((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / seconds, (GC.GetTotalAllocatedBytes() - bytes) / 1024.0 / seconds);
    }
}
