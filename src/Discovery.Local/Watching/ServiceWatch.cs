using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Discovery.Local.Watching;

/// <summary>One reader of a service. A slow one finds what has changed since it last looked, however often that was.</summary>
internal sealed class ServiceWatch(
    string serviceName, Dictionary<string, ServiceInstance> first, Action<ServiceWatch> ended) : IDisposable
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile Dictionary<string, ServiceInstance> _current = first;

    public string ServiceName => serviceName;

    /// <summary>The scanner stands by this set, new or not. It is not changed after.</summary>
    public void Report(Dictionary<string, ServiceInstance> living)
    {
        _current = living;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>The folder is lost: the reader gets the exception.</summary>
    public void Fail(RegistryException failure) => _signal.Writer.TryComplete(failure);

    /// <summary>A complete change at once, then what differs from it.</summary>
    public async IAsyncEnumerable<RegistryChange> ReadChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reported = _current;
        yield return RegistryChange.Complete([.. reported.Values]);
        while (true)
        {
            await _signal.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            _signal.Reader.TryRead(out _);
            var current = _current;
            yield return Difference(reported, current);
            reported = current;
        }
    }

    public void Dispose() => ended(this);

    private static RegistryChange Difference(Dictionary<string, ServiceInstance> before, Dictionary<string, ServiceInstance> after)
    {
        if (ReferenceEquals(before, after))
        {
            return RegistryChange.Confirmation;
        }

        List<ServiceInstance> upserts = [.. after.Values.Where(instance => !instance.Equals(before.GetValueOrDefault(instance.Id)))];
        List<string> removed = [.. before.Keys.Where(id => !after.ContainsKey(id))];
        return upserts.Count + removed.Count == 0 ? RegistryChange.Confirmation : RegistryChange.Delta(upserts, removed);
    }
}
