using System.Diagnostics.CodeAnalysis;
using Discovery.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Says which settings there are.</summary>
public static class KnownSettingsServiceCollectionExtensions
{
    /// <summary>
    /// Says that a section of the configuration below <c>Discovery</c> is bound to <typeparamref name="TOptions"/>. A key in it that is none of its properties, mistyped
    /// most likely, is warned about when the app starts, and so is one value where a list or a section belongs. For the section of a registry of one's own, or of a
    /// load-balancing policy. Saying it again changes nothing.
    /// </summary>
    /// <remarks>A property whose type is a class of further settings is a section of its own, and is not looked into unless that is said as well.</remarks>
    /// <typeparam name="TOptions">What the section is bound to.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="section">The section's configuration path, such as <c>Discovery:Consul</c>; <c>*</c> in it stands for any name.</param>
    public static IServiceCollection AddKnownSettings<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(
        this IServiceCollection services, string section)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(service => service.ImplementationInstance is KnownSettings known && known.Section == section && known.Options == typeof(TOptions)))
        {
            services.AddSingleton(KnownSettings.Of<TOptions>(section));
        }

        return services;
    }
}
