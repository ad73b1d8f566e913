namespace Discovery.Local.Files;

/// <summary>Tells whether a file may have changed since it was last read: another file, a later write or another length.</summary>
internal readonly record struct FileStamp(FileIdentity Identity, long ModifiedAt, long Length);
