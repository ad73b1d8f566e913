using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Tests.Configuration;

public sealed class SettingTextsTests
{
    [Theory]
    [InlineData("00:00:15")]
    [InlineData("")]
    [InlineData(null)]
    public void Require_ConvertibleOrUnset_IsAllowed(string? value) => Assert.Empty(Failures<TimeSpan>(value));

    [Fact]
    public void Require_NotConvertible_NamesPathValueAndWhatIsAllowed()
    {
        var failure = Assert.Single(Failures<TimeSpan>("soon"));

        Assert.Equal("Discovery:Registration:Ttl is 'soon'; allowed is a time span.", failure);
    }

    [Fact]
    public void Require_NumberWithUnit_IsRefused() => Assert.Single(Failures<int>("15s"));

    [Theory]
    [InlineData("15", "15.00:00:00 (15 days)")]
    [InlineData("1.12:00:00", "1.12:00:00")]
    [InlineData("00:00:15", "00:00:15")]
    [InlineData("-1", "-1.00:00:00")]
    public void Text_OfATime_NamesWholeDays(string setting, string expected) =>
        Assert.Equal(expected, SettingFormat.Text(TimeSpan.Parse(setting, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("http://user:canary@host:80", "***@host:80")]
    [InlineData("user:canary@host", "***@host")]
    [InlineData("http://a:canary@b@host", "***@host")]
    [InlineData("http://host:80", "http://host:80")]
    [InlineData(null, null)]
    public void WithoutUser_OfAUrl_ShowsNoPassword(string? url, string? expected) => Assert.Equal(expected, SettingFormat.WithoutUser(url));

    private static IEnumerable<string> Failures<T>(string? value) where T : IParsable<T>
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Discovery:Registration:Ttl"] = value }).Build();
        try
        {
            new SettingTexts(configuration.GetSection("Discovery:Registration")).Require<T>("Ttl", "a time span").ThrowIfRefused<object>();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return e.Failures;
        }
    }
}
