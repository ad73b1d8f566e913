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

    [Fact]
    public void Read_LinkPointedElsewhereAsKubernetesDoes_IsTheNewSecret()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        Directory.CreateDirectory(_folder.Combine("one"));
        Directory.CreateDirectory(_folder.Combine("two"));
        File.WriteAllText(_folder.Combine("one/token"), "s-one");
        File.WriteAllText(_folder.Combine("two/token"), "s-two");
        File.SetLastWriteTimeUtc(_folder.Combine("two/token"), DateTime.UtcNow.AddMinutes(1));
        Directory.CreateSymbolicLink(_folder.Combine("..data"), _folder.Combine("one"));
        File.CreateSymbolicLink(_folder.Combine("token"), "..data/token");
        var secret = new SecretFile(_folder.Combine("token"));
        Assert.Equal("s-one", secret.Read());

        Directory.Delete(_folder.Combine("..data"));
        Directory.CreateSymbolicLink(_folder.Combine("..data"), _folder.Combine("two"));

        Assert.Equal("s-two", secret.Read());
    }

    [Fact]
    public void Validate_LargerThanAnySecret_SaysSo() =>
        Assert.Contains("are allowed", new SecretFile(_folder.Write("token", new string('x', 100_000))).Validate("x"), StringComparison.Ordinal);
}
