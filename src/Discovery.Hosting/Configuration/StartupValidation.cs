using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Configuration;

/// <summary>Stops the start of the app, before its server binds a port, with all the settings that are not allowed in one message.</summary>
internal sealed class StartupValidation(IServiceProvider provider, IEnumerable<StartupSetting> settings) : IHostedLifecycleService
{
    /// <exception cref="DiscoveryStartupException">At least one setting is not allowed.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var failures = settings.SelectMany(Failures).Distinct().ToList();
        return failures.Count == 0 ? Task.CompletedTask : throw new DiscoveryStartupException(string.Join(Environment.NewLine, failures));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> Failures(StartupSetting setting)
    {
        try
        {
            setting.Resolve(provider);
            return [];
        }
        catch (OptionsValidationException e)
        {
            return e.Failures;
        }
    }
}
