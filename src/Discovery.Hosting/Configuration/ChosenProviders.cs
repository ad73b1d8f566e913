using Discovery.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Configuration;

/// <summary>The providers that <c>Discovery:Provider</c> names, or <c>Discovery:Providers</c>.</summary>
internal static class ChosenProviders
{
    private const string Default = "Local";

    public static bool AreNamed(DiscoveryOptions options) => options.Providers.Count > 0 || !string.IsNullOrWhiteSpace(options.Provider);

    /// <returns>Their factories, in the order in which they are named.</returns>
    /// <exception cref="OptionsValidationException">Both settings are set, or a provider is not known or named twice.</exception>
    public static IReadOnlyList<IServiceRegistryFactory> Of(DiscoveryOptions options, IReadOnlyList<IServiceRegistryFactory> factories)
    {
        if (options.Providers.Count == 0)
        {
            var name = string.IsNullOrWhiteSpace(options.Provider) ? Default : options.Provider;
            return [Find(name, factories) ?? throw Refused(Unknown("Discovery:Provider", options.Provider, factories))];
        }

        if (!string.IsNullOrWhiteSpace(options.Provider))
        {
            throw Refused($"Discovery:Provider is '{options.Provider}', and Discovery:Providers is '{string.Join(", ", options.Providers)}'; allowed is one of the two.");
        }

        var chosen = new List<IServiceRegistryFactory>();
        var failures = new List<string>();
        foreach (var (index, name) in options.Providers.Index())
        {
            var path = $"Discovery:Providers:{index}";
            if (Find(name, factories) is not { } factory)
            {
                failures.Add(Unknown(path, name, factories));
            }
            else if (chosen.Contains(factory))
            {
                failures.Add(SettingFormat.Message(path, name, "each provider once"));
            }
            else
            {
                chosen.Add(factory);
            }
        }

        return failures.Count == 0 ? chosen : throw Refused([.. failures]);
    }

    // The last one registered wins, so that an app can put its own provider in the place of a built-in one.
    private static IServiceRegistryFactory? Find(string? name, IReadOnlyList<IServiceRegistryFactory> factories) =>
        factories.LastOrDefault(factory => string.Equals(factory.Name, name?.Trim(), StringComparison.OrdinalIgnoreCase));

    private static string Unknown(string path, string? name, IReadOnlyList<IServiceRegistryFactory> factories) => SettingFormat.Message(
        path, name, $"the name of a known provider. Known providers: {string.Join(", ", factories.Select(factory => factory.Name).Distinct(StringComparer.OrdinalIgnoreCase))}");

    private static OptionsValidationException Refused(params string[] failures) => new(Options.DefaultName, typeof(DiscoveryOptions), failures);
}
