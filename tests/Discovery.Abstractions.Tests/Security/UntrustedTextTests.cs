using Discovery.Security;
using FsCheck.Xunit;

namespace Discovery.Tests.Security;

public sealed class UntrustedTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("as it is: é, 日本", "as it is: é, 日本")]
    [InlineData("a\r\nfail: forged", "a  fail: forged")]
    [InlineData("a\u001b[2Jb\u0085c\u007f", "a [2Jb c ")]
    [InlineData("a\u2028b\u202ec\u2066d", "a b c d")]
    public void Line_OfATextOfOthers_IsOneLine(string? text, string expected) => Assert.Equal(expected, UntrustedText.Line(text));

    [Property(MaxTest = 2000)]
    public void Line_AnyText_IsShortAndOneLine(string? text)
    {
        var line = UntrustedText.Line(string.Concat(Enumerable.Repeat(text ?? "", 40)));

        Assert.InRange(line.Length, 0, UntrustedText.MaxLength);
        Assert.DoesNotContain(line, char.IsControl);
    }
}
