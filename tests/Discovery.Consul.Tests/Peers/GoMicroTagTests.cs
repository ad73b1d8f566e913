using System.IO.Compression;
using System.Text;
using Discovery.Consul.Peers;
using FsCheck.Xunit;

namespace Discovery.Consul.Tests.Peers;

public sealed class GoMicroTagTests
{
    private const string Encoded = "v-789c2b33d433d033000005930164"; // what go-micro's codec reads as v1.0.0

    [Fact]
    public void Version_IsWhatGoMicroReads()
    {
        Assert.Equal(Encoded, GoMicroTag.Version("v1.0.0"));
        Assert.True(GoMicroTag.TryReadVersion(Encoded, out var version));
        Assert.Equal("v1.0.0", version);
    }

    [Property(MaxTest = 500)]
    public void TryReadMetadata_OfWhatMetadataWrote_GivesThePair(string? key, string? value)
    {
        var (k, v) = (Text(key), Text(value));
        var metadata = new Dictionary<string, string?>();

        Assert.True(GoMicroTag.TryReadMetadata(GoMicroTag.Metadata(k, v), metadata));
        Assert.Equal(v, Assert.Single(metadata).Value);
        Assert.Equal(k, metadata.Keys.Single());

        static string Text(string? any) => new([.. (any ?? "").Where(c => !char.IsSurrogate(c))]);
    }

    [Property(MaxTest = 2000)]
    public void TryRead_AnyTag_NeverThrows(string? tag, byte[] packed)
    {
        foreach (var text in new[] { tag ?? "", $"t-{tag}", $"v-{tag}", $"t-{Convert.ToHexStringLower(packed)}", $"e-789c{Convert.ToHexStringLower(packed)}" })
        {
            _ = GoMicroTag.TryReadVersion(text, out _);
            _ = GoMicroTag.TryReadMetadata(text, []);
            _ = GoMicroTag.IsMethod(text);
        }
    }

    [Theory]
    [InlineData("v-")]
    [InlineData("v-xyz")]
    [InlineData("v-789")]
    [InlineData("v-789c")]
    [InlineData("v-00112233")]
    [InlineData("v-58e200000000")] // asks for a dictionary, which .NET says in another way than that it is broken
    public void TryReadVersion_OfATagThatOnlyLooksLikeOne_IsFalse(string tag) => Assert.False(GoMicroTag.TryReadVersion(tag, out _));

    [Fact]
    public void TryRead_ABomb_EndsWithoutUnpackingIt()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(Encoding.ASCII.GetBytes(new string('9', 1 << 20)));
        }

        var tag = $"v-{Convert.ToHexStringLower(packed.ToArray())}";
        Assert.True(tag.Length < 4096, "it is one that is short enough to be looked into");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(GoMicroTag.TryReadVersion(tag, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.False(GoMicroTag.TryReadVersion($"v-{new string('0', 100_000)}", out _));
    }
}
