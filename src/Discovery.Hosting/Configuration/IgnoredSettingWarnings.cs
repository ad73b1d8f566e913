using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Discovery.Hosting.Configuration;

/// <summary>Warns of settings that have no effect, of each once: mistyped ones most likely, which would else be taken for set.</summary>
internal sealed partial class IgnoredSettingWarnings : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ILogger<IgnoredSettingWarnings> _logger;
    private readonly IgnoredSettings _ignored;
    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();
    private IDisposable? _reloads;

    public IgnoredSettingWarnings(
        IConfiguration configuration, IEnumerable<KnownSettings> known, IEnumerable<IServiceRegistryFactory> factories, ILogger<IgnoredSettingWarnings> logger)
    {
        _configuration = configuration;
        _logger = logger;
        var settings = SettingNode.Of(known);
        foreach (var factory in factories)
        {
            // A registry of the app's own need not say what its settings are.
            settings.Find(DiscoveryOptions.SectionName)!.AddFree(factory.Name);
        }

        _ignored = new(settings);
    }

    /// <summary>Tells of those that there are, and from now on of those that a reload brings.</summary>
    public void Begin()
    {
        _reloads ??= ChangeToken.OnChange(_configuration.GetReloadToken, Tell);
        Tell();
    }

    public void Dispose() => _reloads?.Dispose();

    private void Tell()
    {
        lock (_gate)
        {
            foreach (var setting in _ignored.In(_configuration).Where(setting => _told.Add(setting.Key)))
            {
                LogIgnored(setting.Key, setting.Reason);
            }
        }
    }
}
