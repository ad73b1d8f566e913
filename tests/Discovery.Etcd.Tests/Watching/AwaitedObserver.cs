using Discovery.Etcd.Watching;
using Mvccpb;

namespace Discovery.Etcd.Tests.Watching;

/// <summary>Waited for until its watch is served, or lost.</summary>
internal sealed class AwaitedObserver : IWatchObserver
{
    private readonly TaskCompletionSource _alive = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<RegistryException> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Alive => _alive.Task;

    public Task<RegistryException> Lost => _lost.Task;

    public void OnEvents(IReadOnlyList<Event> events)
    {
    }

    public void Proceed()
    {
    }

    public void OnAlive() => _alive.TrySetResult();

    public void OnGap()
    {
    }

    public void OnLost(RegistryException reason) => _lost.TrySetResult(reason);
}
