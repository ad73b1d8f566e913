using System.Threading.Channels;

namespace Discovery.Testing;

/// <summary>One running watch: the changes its reader has not read yet.</summary>
internal sealed class InMemoryWatch(string serviceName)
{
    private readonly Channel<RegistryChange> _changes = Channel.CreateUnbounded<RegistryChange>();

    public string ServiceName => serviceName;

    public void Publish(RegistryChange change) => _changes.Writer.TryWrite(change);

    public void Break(RegistryException failure) => _changes.Writer.TryComplete(failure);

    public IAsyncEnumerable<RegistryChange> ReadAsync(CancellationToken cancellationToken) => _changes.Reader.ReadAllAsync(cancellationToken);
}
