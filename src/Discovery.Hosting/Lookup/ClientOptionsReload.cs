using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Lookup;

/// <summary>Says when the section has changed.</summary>
internal sealed class ClientOptionsReload(IConfiguration configuration)
    : ConfigurationChangeTokenSource<ClientOptions>(Options.DefaultName, configuration.GetSection(ClientOptions.SectionName));
