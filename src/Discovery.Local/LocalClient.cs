using System.IO.Enumeration;
using Discovery.Local.Files;
using Discovery.Local.Leases;

namespace Discovery.Local;

/// <summary>The few things that are done with the folder and the files of leases in it.</summary>
/// <remarks>Members throw <see cref="RegistryException"/>, and may be called concurrently.</remarks>
internal sealed class LocalClient(string directory, LockableFiles files)
{
    public string Directory { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    /// <summary>Creates the folder where it is missing, and makes sure that it is ours alone.</summary>
    public FileIdentity EnsureFolder() => Do("use the folder", () =>
    {
        files.CreateFolder(Directory);
        return files.IdentifyFolder(Directory) ?? throw new DirectoryNotFoundException("it is gone again");
    });

    /// <summary>Which folder it is now.</summary>
    public FileIdentity IdentifyFolder() => Do("find the folder", () =>
        files.IdentifyFolder(Directory) ?? throw new DirectoryNotFoundException("there is none"));

    /// <summary>The names of all files.</summary>
    public List<string> List() => Do("list the folder", () =>
        new FileSystemEnumerable<string>(Directory, static (ref entry) => entry.FileName.ToString()).ToList());

    /// <summary>Writes a file and holds it, in place of the one that may have its name. Readers see either, and always whole.</summary>
    public HeldFile Publish(string name, byte[] content) => Do($"write '{name}'", () =>
    {
        var temporary = PathOf(LeaseFileName.Temporary(name));
        var file = files.CreateLocked(temporary);
        try
        {
            RandomAccess.Write(file, content, fileOffset: 0);
            files.Replace(temporary, PathOf(name));
            return new HeldFile(file, files.Stamp(file).Identity);
        }
        catch
        {
            file.Dispose();
            File.Delete(temporary);
            throw;
        }
    });

    /// <summary>Writes over a part of a file that we hold.</summary>
    public void Overwrite(string name, HeldFile file, byte[] bytes, int offset) => Do($"write '{name}'", () =>
    {
        file.Overwrite(bytes, offset);
        return true;
    });

    /// <summary>Whether a file that we hold is still as we wrote it: its user, too, may write to it.</summary>
    public bool Holds(string name, HeldFile file, byte[] content) => Do($"read '{name}'", () => file.Holds(content));

    /// <summary>Which file has the name now; null when none has.</summary>
    public FileIdentity? Identify(string name) => Do($"find '{name}'", () => files.Identify(PathOf(name)));

    /// <summary>Looks at a file, and reads it unless it is as it was known.</summary>
    public LeaseFileReading Read(string name, FileStamp known) => Do<LeaseFileReading>($"read '{name}'", () =>
    {
        try
        {
            using var file = files.OpenToRead(PathOf(name));
            if (file is null)
            {
                return new(LeaseFileState.Missing);
            }

            // The stamp before the content: what is written in between is read again at the next look.
            var stamp = files.Stamp(file);
            var state = files.IsHeld(PathOf(name), file) ? LeaseFileState.Held : LeaseFileState.Abandoned;
            if (stamp == known || state == LeaseFileState.Abandoned)
            {
                return new(state, stamp);
            }

            var content = new byte[Math.Min(stamp.Length, LeaseFormat.MaxLength + 1)];
            var length = RandomAccess.Read(file, content, fileOffset: 0);
            return new(state, stamp, content[..length]);
        }
        catch (Exception refused) when (refused is UntrustedFileException or UnauthorizedAccessException)
        {
            return new(LeaseFileState.Untrusted, Refusal: refused.Message);
        }
    });

    /// <summary>Deletes the file, whoever holds it. One that is not there is no error.</summary>
    public void Delete(string name) => Do($"delete '{name}'", () =>
    {
        // The look tells a folder that is not there, and holds nothing, from one that cannot be looked into; a deletion does not.
        var path = PathOf(name);
        if (files.Identify(path) is not null)
        {
            DeleteIfThere(path);
        }

        return true;
    });

    /// <summary>Deletes a file that nobody holds, if it still is such a file.</summary>
    public void DeleteAbandoned(string name) => Do($"delete '{name}'", () =>
    {
        using var file = files.TryOpenLocked(PathOf(name));
        return file is not null && DeleteIfStill(name, files.Stamp(file).Identity);
    });

    /// <summary>Deletes a file that we hold, unless another has replaced it.</summary>
    public void DeleteHeld(string name, FileIdentity held) => Do($"delete '{name}'", () => DeleteIfStill(name, held));

    private bool DeleteIfStill(string name, FileIdentity identity)
    {
        var path = PathOf(name);
        if (files.Identify(path) != identity)
        {
            return false;
        }

        // Another copy may replace the file between that look and a deletion. Moved aside, it can be looked at once more, and put back.
        var aside = PathOf(LeaseFileName.Temporary(name));
        if (!TryMove(path, aside))
        {
            return false;
        }

        if (files.Identify(aside) != identity && TryMove(aside, path))
        {
            return false;
        }

        DeleteIfThere(aside);
        return true;
    }

    private static bool TryMove(string path, string newPath)
    {
        try
        {
            File.Move(path, newPath, overwrite: false);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException) when (File.Exists(newPath))
        {
            // A third copy has taken the name meanwhile, and the newest wins.
            return false;
        }
    }

    private static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Nor is the file.
        }
    }

    private string PathOf(string name) => Path.Combine(Directory, name);

    private T Do<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or UntrustedFileException)
        {
            throw Failure(RegistryErrorKind.Denied, what, denied);
        }
        catch (IOException failed)
        {
            throw Failure(RegistryErrorKind.Unavailable, what, failed);
        }
    }

    private RegistryException Failure(RegistryErrorKind kind, string what, Exception reason) =>
        new(kind, $"Local {Directory} ({LocalOptions.DirectoryPath}): cannot {what}: {reason.Message}", reason);
}
