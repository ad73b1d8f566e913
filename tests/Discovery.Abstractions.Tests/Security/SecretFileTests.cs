using Discovery.Security;
using Discovery.Testing;

namespace Discovery.Tests.Security;

public sealed class SecretFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_SurroundedByWhiteSpace_IsTrimmed() =>
        Assert.Equal("s3 cret", new SecretFile(_folder.Write("token", "\n s3 cret \r\n")).Read());

    [Fact]
    public void Read_FileReplacedByAnotherLength_GivesTheNewSecret()
    {
        var secret = new SecretFile(_folder.Write("token", "old"));
        Assert.Equal("old", secret.Read());

        _folder.Write("token", "newer");

        Assert.Equal("newer", secret.Read());
    }

    [Fact]
    public void Read_FileReplacedByTheSameLengthLater_GivesTheNewSecret()
    {
        var path = _folder.Write("token", "old");
        var secret = new SecretFile(path);
        Assert.Equal("old", secret.Read());

        _folder.Write("token", "new");
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));

        Assert.Equal("new", secret.Read());
    }

    [Fact]
    public void Read_FileGone_Throws()
    {
        var path = _folder.Write("token", "old");
        var secret = new SecretFile(path);
        secret.Read();

        File.Delete(path);

        Assert.Throws<FileNotFoundException>(secret.Read);
    }

    [Fact]
    public void Validate_Readable_IsNull() => Assert.Null(new SecretFile(_folder.Write("token", "s")).Validate("Discovery:Consul:TokenFile"));

    [Fact]
    public void Validate_Missing_NamesSettingAndFile()
    {
        var path = _folder.Combine("absent");

        var failure = new SecretFile(path).Validate("Discovery:Consul:TokenFile");

        Assert.StartsWith($"Discovery:Consul:TokenFile is '{path}', which cannot be read", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Empty_SaysSo() =>
        Assert.Contains("which is empty", new SecretFile(_folder.Write("token", " \n")).Validate("x"), StringComparison.Ordinal);

    [Fact]
    public void ToString_AfterRead_DoesNotTellTheSecret()
    {
        var secret = new SecretFile(_folder.Write("token", "s3cret"));
        secret.Read();

        Assert.DoesNotContain("s3cret", $"{secret}", StringComparison.Ordinal);
    }
}
