using Microsoft.Extensions.Options;

namespace Discovery.Local.Configuration;

/// <summary>Chooses the folder after binding, so that an unset and an empty setting mean the same.</summary>
internal sealed class LocalOptionsDefaults : IPostConfigureOptions<LocalOptions>
{
    public void PostConfigure(string? name, LocalOptions options)
    {
        if (string.IsNullOrEmpty(options.Directory))
        {
            options.Directory = DefaultDirectory.Choose();
        }
    }
}
