namespace Discovery.Hosting.Registration;

/// <summary>A registration that Program.cs asks for.</summary>
/// <param name="Name">Its name, which is that of its section; empty for the app's own.</param>
internal sealed record NamedRegistration(string Name);
