namespace Discovery.Local.Watching;

/// <summary>Notified by the system (inotify and its kin).</summary>
/// <remarks>Of names only: a keep-alive writes within a file, and is nobody's news.</remarks>
internal sealed class FileSystemFolderNotifier : IFolderNotifier
{
    private readonly FileSystemWatcher _watcher;

    private FileSystemFolderNotifier(FileSystemWatcher watcher) => _watcher = watcher;

    public static IFolderNotifier Start(string folder, Action<string?> changed, Action<Exception> lost)
    {
        var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, file) => changed(file.Name);
        watcher.Deleted += (_, file) => changed(file.Name);
        watcher.Renamed += (_, file) =>
        {
            changed(file.OldName);
            changed(file.Name);
        };
        watcher.Error += (_, failure) =>
        {
            if (failure.GetException() is InternalBufferOverflowException)
            {
                changed(null);
            }
            else
            {
                lost(failure.GetException());
            }
        };

        try
        {
            watcher.EnableRaisingEvents = true;
            return new FileSystemFolderNotifier(watcher);
        }
        catch
        {
            watcher.Dispose();
            throw;
        }
    }

    public void Dispose() => _watcher.Dispose();
}
