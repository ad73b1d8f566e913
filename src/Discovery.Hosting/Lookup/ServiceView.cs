using Microsoft.Extensions.Primitives;

namespace Discovery.Hosting.Lookup;

internal sealed class ServiceView(ServiceWatch watch) : IServiceView
{
    private int _disposed;

    public string ServiceName => watch.ServiceName;

    public ServiceSnapshot Current => watch.Current.Snapshot;

    public IChangeToken GetChangeToken() => new SupersededToken(watch.Current.Superseded);

    public ValueTask WaitUntilReadyAsync(CancellationToken cancellationToken = default) =>
        watch.IsReady ? ValueTask.CompletedTask : new(watch.Ready.WaitAsync(cancellationToken));

    public bool TryPick(in PickRequest request, out ServicePick pick)
    {
        var picked = watch.Pick(request);
        pick = picked.ToPick();
        return picked.IsFound;
    }

    public bool TryPick(out ServicePick pick)
    {
        var picked = watch.Pick();
        pick = picked.ToPick();
        return picked.IsFound;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            watch.Use.Release();
        }
    }
}
