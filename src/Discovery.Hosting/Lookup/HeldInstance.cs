namespace Discovery.Hosting.Lookup;

/// <summary>An instance that the registry no longer lists and that is not proven dead.</summary>
internal readonly record struct HeldInstance(string Id, Uri Endpoint, long HeldAt);
