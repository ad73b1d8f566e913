namespace Discovery.Hosting.Configuration;

/// <summary>Settings that a room of the library has in use, and that are looked at before the app starts.</summary>
/// <param name="Resolve">Reads them; throws <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> where one is not allowed.</param>
internal sealed record StartupSetting(Action<IServiceProvider> Resolve);
