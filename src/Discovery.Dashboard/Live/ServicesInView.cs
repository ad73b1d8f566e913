namespace Discovery.Dashboard.Live;

/// <summary>The names of all services, asked for anew while somebody looks on, and the watches that show their instances.</summary>
internal sealed class ServicesInView(IServiceDiscovery discovery, int maxWatched)
{
    private volatile IReadOnlyList<string> _names = [];

    /// <summary>The names as they were last listed, in ordinal order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Lists the services, and has as many watched as may be. Ends when each of these is known, or its first answer has failed to come.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var listed = await discovery.GetServicesAsync(cancellationToken).ConfigureAwait(false);
        var names = listed.Where(name => ServiceName.TryNormalize(name, out _)).ToList();
        _names = names;

        // Asking is what keeps a watch alive: when nobody looks on any more, those that the app does not use end by themselves.
        await Task.WhenAll(names.Take(maxWatched).Select(name => discovery.GetInstancesAsync(name, cancellationToken).AsTask())).ConfigureAwait(false);
    }
}
