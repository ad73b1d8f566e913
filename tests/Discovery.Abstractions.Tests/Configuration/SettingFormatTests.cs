using Discovery.Configuration;
using Microsoft.Extensions.Configuration;

namespace Discovery.Tests.Configuration;

public sealed class SettingFormatTests
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

    private static List<string> Failures<T>(string? value) where T : IParsable<T>
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Discovery:Registration:Ttl"] = value }).Build();
        var failures = new List<string>();
        SettingFormat.Require<T>(configuration.GetSection("Discovery:Registration"), "Ttl", "a time span", failures);
        return failures;
    }
}
