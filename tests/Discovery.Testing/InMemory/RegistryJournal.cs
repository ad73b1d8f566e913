namespace Discovery.Testing;

/// <summary>The calls to an <see cref="InMemoryServiceRegistry"/>, in their order.</summary>
public sealed class RegistryJournal
{
    private readonly Lock _gate = new();
    private readonly List<RegistryCall> _calls = [];

    /// <summary>All calls so far.</summary>
    public IReadOnlyList<RegistryCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The calls of some operations so far.</summary>
    public IReadOnlyList<RegistryCall> Of(RegistryOperations operations) => [.. Calls.Where(call => operations.HasFlag(call.Operation))];

    /// <summary>How many calls of some operations there have been.</summary>
    public int Count(RegistryOperations operations) => Of(operations).Count;

    internal void Add(RegistryCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }
    }
}
