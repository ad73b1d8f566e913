namespace Discovery.Local.Files;

/// <summary>Which file it is, whatever its name: device and number. A number may be used again once its file is gone.</summary>
internal readonly record struct FileIdentity(ulong Device, UInt128 Number);
