namespace Discovery.Local.Watching;

/// <summary>A service that is watched, and by whom.</summary>
internal sealed class WatchedService
{
    public List<ServiceWatch> Watches { get; } = [];

    /// <summary>What was last seen; another set when anything in it has changed.</summary>
    public Dictionary<string, ServiceInstance> Living { get; set; } = [];

    public void Report() => Watches.ForEach(watch => watch.Report(Living));
}
