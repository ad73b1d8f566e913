namespace Discovery.Hosting.Http;

/// <summary>Remembers with a request which instances have failed it, so that a retry handler outside reaches another one.</summary>
internal sealed class TriedInstances(TimeProvider time)
{
    private static readonly HttpRequestOptionsKey<List<string>> Key = new("Discovery.TriedInstances");

    // No request is retried for longer.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private long _lastFailure;

    /// <summary>The IDs of the instances that have failed the request, or null for none.</summary>
    /// <remarks>Asking a request for its options creates them, at half the price of all the rest; so they are asked only when something has failed lately.</remarks>
    public List<string>? Of(HttpRequestMessage request) =>
        Volatile.Read(ref _lastFailure) is not 0 and var at && time.GetElapsedTime(at) < Memory && request.Options.TryGetValue(Key, out var tried)
            ? tried
            : null;

    public void Add(HttpRequestMessage request, string id)
    {
        if (!request.Options.TryGetValue(Key, out var tried))
        {
            request.Options.Set(Key, tried = []);
        }

        tried.Add(id);
        Volatile.Write(ref _lastFailure, Math.Max(1, time.GetTimestamp()));
    }
}
