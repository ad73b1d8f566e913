using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Discovery.Hosting.Configuration;
using Discovery.Local.Files;
using Discovery.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Hosting.Lookup;

/// <summary>
/// The last good sets on disk: one file per registry and service, replaced as a whole, readable by its owner only. Neither symbolic links nor
/// what others own or may write are believed.
/// </summary>
internal sealed partial class DiskCache(
    ReloadableOptions<ClientOptions> options, ILookupObserver observer, TimeProvider time, ILogger<DiskCache> logger)
{
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    // Some 50,000 instances; beyond that a file is taken for somebody else's or damaged.
    private const int MaxBytes = 16 * 1024 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly LockableFiles Files = LockableFiles.OfThisSystem;

    private readonly ILogger _logger = logger;
    private string? _failedDirectory; // where writing failed last, until it works again

    /// <summary>Whether sets are remembered at all.</summary>
    public bool IsOn => options.Current.CacheDirectory is { Length: > 0 };

    /// <summary>The set remembered of a service, or null where there is none that can be used.</summary>
    public CachedSet? Load(string registry, string serviceName)
    {
        if (options.Current.CacheDirectory is not { Length: > 0 } directory)
        {
            return null;
        }

        var path = PathOf(directory, registry, serviceName);
        try
        {
            using var file = Files.IdentifyFolder(directory) is null ? null : Files.OpenToRead(path);
            return file is null ? null : Check(Read(file), path, registry, serviceName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            Ignore(path, e.Message);
            return null;
        }
    }

    /// <summary>Remembers a set, or forgets it where it is empty. A disk that fails is no error, and is logged once until it works again.</summary>
    /// <returns>Whether nothing is left to be done; false where it is worth another attempt later.</returns>
    public bool Save(RememberedSet remembered)
    {
        if (options.Current.CacheDirectory is not { Length: > 0 } directory)
        {
            return true;
        }

        try
        {
            var path = PathOf(directory, remembered.Registry, remembered.ServiceName);
            if (remembered.Instances.Count == 0)
            {
                Forget(path);
                return true; // nothing was written, which proves nothing of the disk
            }

            CreateDirectory(directory);
            Replace(path, JsonSerializer.SerializeToUtf8Bytes(CachedSet.From(remembered), CacheJson.Default.CachedSet));
            Worked(directory);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failed(directory, e);
            return false;
        }
    }

    private void Worked(string directory)
    {
        if (Interlocked.Exchange(ref _failedDirectory, null) is not null)
        {
            LogTurnedOn(directory);
        }
    }

    private void Failed(string directory, Exception reason)
    {
        observer.DiskCacheFailed();
        if (Interlocked.Exchange(ref _failedDirectory, directory) != directory)
        {
            LogTurnedOff(directory, reason.Message);
        }
    }

    private static string PathOf(string directory, string registry, string serviceName)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(registry)).AsSpan(0, 8));
        return Path.Combine(directory, $"{serviceName}@{key}.json");
    }

    private static void Forget(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private static CachedSet? Read(SafeFileHandle file)
    {
        using var content = new FileStream(file, FileAccess.Read);
        return content.Length > MaxBytes
            ? throw new IOException(string.Create(CultureInfo.InvariantCulture, $"it is {content.Length} bytes long, and {MaxBytes} are allowed"))
            : JsonSerializer.Deserialize(content, CacheJson.Default.CachedSet);
    }

    private CachedSet? Check(CachedSet? set, string path, string registry, string serviceName)
    {
        if (set is not { Format: CachedSet.CurrentFormat, Instances: not null } || set.Registry != registry || set.Service != serviceName
            || !set.Instances.All(instance => instance is { IsUsable: true }))
        {
            Ignore(path, "it is of another format, registry or service");
            return null;
        }

        var age = time.GetUtcNow() - set.ConfirmedAt;
        return age >= TimeSpan.Zero && age <= MaxAge ? set : null;
    }

    private void Ignore(string path, string reason)
    {
        LogIgnored(path, UntrustedText.Line(reason));
        observer.DiskCacheFailed();
    }

    private static void CreateDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            CreateOwned(directory);
        }

        Files.IdentifyFolder(directory);
    }

    // .NET gives the mode to the last folder only; the ones above it would be everybody's to read.
    [UnsupportedOSPlatform("windows")]
    private static void CreateOwned(string directory)
    {
        if (!Directory.Exists(directory))
        {
            if (Path.GetDirectoryName(directory) is { Length: > 0 } parent)
            {
                CreateOwned(parent);
            }

            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static void Replace(string path, byte[] content)
    {
        var written = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                create.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(written, create))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(written, path, overwrite: true);
        }
        catch
        {
            File.Delete(written);
            throw;
        }
    }
}
