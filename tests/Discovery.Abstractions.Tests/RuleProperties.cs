using Discovery.Configuration;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Tests;

/// <summary>For any text: the rules for names, IDs, endpoints and settings decide, and never throw.</summary>
public sealed class RuleProperties
{
    [Property(MaxTest = 2000)]
    public void TryNormalize_AnyText_IsSafeInAKeyAUrlAndAFileName(string? name)
    {
        if (ServiceName.TryNormalize(name, out var normalized))
        {
            Assert.Matches(@"\A[a-z0-9][a-z0-9._-]{0,62}\z", normalized);
            Assert.True(ServiceName.TryNormalize(normalized, out var again) && again == normalized);
        }
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(RuleProperties)])]
    public void IsInstanceId_AnyText_IsSafeInAKeyAUrlAndAFileName(NearlyAnId id)
    {
        if (ServiceName.IsInstanceId(id.Text))
        {
            Assert.Matches(@"\A[A-Za-z0-9._:@-]{1,200}\z", id.Text);
            Assert.False(id.Text is "." or "..");
        }
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(RuleProperties)])]
    public void EndpointUri_AnyText_IsAUrlThatCanBeCalledOrNone(NearlyAnEndpoint endpoint)
    {
        if (EndpointUri.Parse(endpoint.Text) is { } uri)
        {
            Assert.Contains($"{uri.Scheme}://", "http:// https:// grpc:// grpcs:// ws:// wss:// tcp:// tls:// udp://", StringComparison.Ordinal);
            Assert.True(uri.Port > 0 && uri.Host.Length > 0 && uri.UserInfo.Length == 0);
        }
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(RuleProperties)])]
    public void WithoutUser_OfAnyUrl_ShowsNothingBeforeTheLastAt(NearlyAnEndpoint endpoint)
    {
        var shown = SettingFormat.WithoutUser(endpoint.Text)!;
        Assert.True(!endpoint.Text.Contains('@', StringComparison.Ordinal) || shown.StartsWith("***@", StringComparison.Ordinal));
    }

    [Property(MaxTest = 1000)]
    public void SettingTexts_AnyText_IsConvertibleOrNamed(string? text)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("S:K", text)]).Build().GetSection("S");
        foreach (var check in (Func<SettingTexts, SettingTexts>[])[t => t.Require<int>("K", "a"), t => t.Require<bool>("K", "a"), t => t.Require<TimeSpan>("K", "a")])
        {
            try
            {
                check(new SettingTexts(section)).ThrowIfRefused<object>();
            }
            catch (OptionsValidationException e)
            {
                Assert.StartsWith("S:K is ", Assert.Single(e.Failures), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("javascript://10.0.0.1:80/%0aalert(1)")]
    [InlineData("file://host/etc/passwd")]
    [InlineData("gopher://h:70")]
    [InlineData("http://user@h:80")]
    [InlineData("http:///x")]
    [InlineData("//h:80")]
    [InlineData("tcp://h")]
    [InlineData("data:text/html,x")]
    public void EndpointUri_WhatNobodyShouldCall_IsNone(string text) => Assert.Null(EndpointUri.Parse(text));

    public static Arbitrary<NearlyAnId> Ids() => Text(Gen.Elements("aZ09._:@-/\\ \r\n\0\u00e9.".ToCharArray())).Select(text => new NearlyAnId(text)).ToArbitrary();

    public static Arbitrary<NearlyAnEndpoint> Endpoints() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get),
        from scheme in Gen.Elements("http", "https", "javascript", "file", "tcp", "HTTP", "", "data", "x-y")
        from rest in Text(Gen.Elements("a.1:@/[]?#%-\u00fc\r".ToCharArray()))
        select $"{scheme}://{rest}").Select(text => new NearlyAnEndpoint(text)).ToArbitrary();

    private static Gen<string> Text(Gen<char> character) => Gen.ArrayOf(character).Select(characters => new string(characters));

    public sealed record NearlyAnId(string Text);

    public sealed record NearlyAnEndpoint(string Text);
}
