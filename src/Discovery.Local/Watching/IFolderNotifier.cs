namespace Discovery.Local.Watching;

/// <summary>Tells at once which files of a folder have come, gone or been replaced, as long as the system can.</summary>
internal interface IFolderNotifier : IDisposable;
