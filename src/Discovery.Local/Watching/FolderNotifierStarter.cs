namespace Discovery.Local.Watching;

/// <summary>Starts to be notified of changes in a folder.</summary>
/// <param name="folder">The path of the folder.</param>
/// <param name="changed">Called with the name of a file that has come, gone or been replaced; with null when some may have been missed.</param>
/// <param name="lost">Called when there will be no more notifications.</param>
/// <exception cref="IOException">The system cannot notify: its limit of watches is reached, say.</exception>
internal delegate IFolderNotifier FolderNotifierStarter(string folder, Action<string?> changed, Action<Exception> lost);
