using System.Globalization;

namespace Discovery.Hosting.Registration;

/// <summary>
/// What is appended to an instance's ID once another copy has taken the ID over: the same in every registry, so that one copy is never found as two.
/// </summary>
internal sealed class IdSuffix(Random random)
{
    private string? _current;

    /// <summary>The suffix, or null while no other copy has taken the ID in any registry.</summary>
    public string? Current => Volatile.Read(ref _current);

    public string Take()
    {
        var taken = random.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture);
        return Interlocked.CompareExchange(ref _current, taken, null) ?? taken;
    }
}
