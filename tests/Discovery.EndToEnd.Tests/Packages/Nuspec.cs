using System.IO.Compression;
using System.Xml.Linq;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>What a package says of itself.</summary>
internal static class Nuspec
{
    /// <summary>Its metadata.</summary>
    public static XElement Read(ZipArchive package)
    {
        using var nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }
}
