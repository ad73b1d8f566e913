namespace Discovery;

/// <summary>Creates the registry of one provider, under the name that <c>Discovery:Provider</c> or <c>Discovery:Providers</c> selects it by.</summary>
public interface IServiceRegistryFactory
{
    /// <summary>The provider's name as it stands in configuration, compared without regard to case.</summary>
    string Name { get; }

    /// <summary>Creates the registry from the provider's options. Does not connect: a registry that is down is no error here.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// A setting of the provider is not allowed; each failure names its configuration path, the value and what is allowed.
    /// </exception>
    IServiceRegistry Create();
}
