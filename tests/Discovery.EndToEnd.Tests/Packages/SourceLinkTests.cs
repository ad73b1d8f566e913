using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>How debuggers find the sources of a package.</summary>
[Collection("Timing")] // building takes all there is of the machine
public sealed class SourceLinkTests
{
    private const string Remote = "https://github.com/example/discovery-hosting.git";

    // The format of portable PDBs names this kind of information so.
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    // Whoever steps into a library gets the very sources: from where this repository's remote is, at the revision that was built.
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Pack_OfAClone_NamesTheRepositoryAndTheRevisionAndWhereTheSourcesAre()
    {
        using var folder = new TemporaryFolder();
        var clone = folder.Combine("clone");
        await GitCommand.RunAsync(folder.Path, "clone", "--quiet", RepositoryFiles.Root, clone);
        await GitCommand.RunAsync(clone, "remote", "set-url", "origin", Remote);
        var revision = await GitCommand.RunAsync(clone, "rev-parse", "HEAD");
        await DotnetCommand.RunAsync(clone, Bound, "pack", "src/Discovery.Abstractions", "-c", "Release", "-o", folder.Combine("feed"), "-v", "quiet");

        using var package = ZipFile.OpenRead(Directory.GetFiles(folder.Combine("feed"), "*.nupkg").Single());
        var repository = Nuspec.Read(package).Elements().Single(element => element.Name.LocalName == "repository");
        Assert.Equal(("git", Remote, revision), (Attribute("type"), Attribute("url"), Attribute("commit")));
        string? Attribute(string name) => repository.Attribute(name)?.Value;

        using var symbols = ZipFile.OpenRead(Directory.GetFiles(folder.Combine("feed"), "*.snupkg").Single());
        Assert.Contains($"/example/discovery-hosting/{revision}/*", ReadSourceLink(symbols, "Discovery.Abstractions"), StringComparison.Ordinal);
    }

    private static string ReadSourceLink(ZipArchive symbols, string library)
    {
        using var pdb = new MemoryStream();
        using (var entry = symbols.GetEntry($"lib/net10.0/{library}.pdb")!.Open())
        {
            entry.CopyTo(pdb);
        }

        pdb.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        var reader = provider.GetMetadataReader();
        var link = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation).Single(information => reader.GetGuid(information.Kind) == SourceLink);
        return Encoding.UTF8.GetString(reader.GetBlobBytes(link.Value));
    }
}
