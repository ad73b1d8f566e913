namespace Discovery.Benchmarks.Picks;

/// <summary>The least that rotating over a set which may be replaced can cost: one volatile read and one interlocked increment.</summary>
internal sealed class RotatingArray(Uri[] endpoints)
{
    private volatile Uri[] _endpoints = endpoints;
    private int _next;

    public Uri Pick()
    {
        var endpoints = _endpoints;
        return endpoints[(uint)Interlocked.Increment(ref _next) % (uint)endpoints.Length];
    }
}
