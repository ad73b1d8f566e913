using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Discovery.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Dashboard.Tests;

public sealed class AccessTests
{
    public static TheoryData<string> Paths => ["/discovery", "/discovery/api/services", "/discovery/api/services/shop", "/discovery/api/events"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Get_InDevelopment_Answers(string path)
    {
        await using var app = await DashboardApp.StartAsync();
        await Eventually.HoldsAsync(() => app.Registry.Store.GetServices().Contains("shop"), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync(path));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Get_OutsideDevelopment_Is404(string path)
    {
        await using var app = await DashboardApp.StartAsync(environment: "Production");

        Assert.Equal(HttpStatusCode.NotFound, await app.StatusAsync(path));
    }

    [Fact]
    public async Task Get_OutsideDevelopmentWhereThatIsAllowed_Answers()
    {
        await using var app = await DashboardApp.StartAsync(environment: "Production", options: dashboard => dashboard.AllowOutsideDevelopment = true);

        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/discovery"));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Get_WithAuthorizationRequired_IsForThoseWhoAreAuthorized(string path)
    {
        await using var app = await DashboardApp.StartAsync(environment: "Production", conventions: dashboard => dashboard.RequireAuthorization("operators"), build: AddSignIn);
        await Eventually.HoldsAsync(() => app.Registry.Store.GetServices().Contains("shop"), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync(path));
        app.Http.DefaultRequestHeaders.Add("X-User", "guest");
        Assert.Equal(HttpStatusCode.Forbidden, await app.StatusAsync(path));
        app.Http.DefaultRequestHeaders.Remove("X-User");
        app.Http.DefaultRequestHeaders.Add("X-User", "operator");
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync(path));
    }

    [Fact]
    public async Task Get_OutsideDevelopmentWhereAuthorizationIsTakenBack_Is404()
    {
        await using var app = await DashboardApp.StartAsync(
            environment: "Production", conventions: dashboard => dashboard.RequireAuthorization("operators").AllowAnonymous(), build: AddSignIn);

        Assert.Equal(HttpStatusCode.NotFound, await app.StatusAsync("/discovery"));
    }

    [Fact]
    public async Task Post_OfEachPath_IsNotAllowed()
    {
        await using var app = await DashboardApp.StartAsync();
        foreach (var path in Paths)
        {
            using var answer = await app.Http.PostAsync(new Uri(path.Data, UriKind.Relative), null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }
    }

    [Fact]
    public void Map_WithoutDiscovery_SaysWhatIsMissing()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddServiceRegistration()", Assert.Throws<InvalidOperationException>(() => app.MapDiscoveryDashboard()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10_001, 1)]
    [InlineData(1, -1)]
    public void Map_WithAnOptionOutOfRange_NamesIt(int viewers, int services)
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => app.MapDiscoveryDashboard(configure: options => (options.MaxViewers, options.MaxServices) = (viewers, services)));
        Assert.Contains(services < 0 ? "MaxServices" : "MaxViewers", refused.Message, StringComparison.Ordinal);
    }

    private static void AddSignIn(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderSignIn>("header", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy("operators", policy => policy.RequireUserName("operator"));
    }

    private sealed class HeaderSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-User"].ToString() is { Length: > 0 } user
            ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], "header")), "header"))
            : AuthenticateResult.NoResult());
    }
}
