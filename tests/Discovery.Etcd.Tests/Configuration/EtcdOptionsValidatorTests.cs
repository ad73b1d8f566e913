using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Discovery.Etcd.Tests.Configuration;

public sealed class EtcdOptionsValidatorTests
{
    [Fact]
    public async Task Create_WithNothingSet_IsAtTheDefaultEndpointAndPrefix()
    {
        await using var provider = TestRegistry.Provider([]);
        await using var registry = provider.GetRequiredService<IServiceRegistryFactory>().Create();

        Assert.Equal("Etcd http://127.0.0.1:2379 /services", registry.Description);
        Assert.Equal([new Uri("http://127.0.0.1:2379")], registry.Endpoints);
    }

    [Fact]
    public async Task Create_WithEndpointsSet_UsesThoseAndNoOthers()
    {
        await using var provider = TestRegistry.Provider([("Endpoints:0", "http://a:1/"), ("Endpoints:1", "https://b:2"), ("KeyPrefix", "/x/"), ("Layout", "default")]);
        await using var registry = provider.GetRequiredService<IServiceRegistryFactory>().Create();

        Assert.Equal("Etcd http://a:1,https://b:2 /x", registry.Description);
    }

    [Fact]
    public async Task AddEtcdServiceRegistry_Twice_IsOnce()
    {
        var services = new ServiceCollection().AddEtcdServiceRegistry().AddEtcdServiceRegistry();
        Assert.Single(services, service => service.ServiceType == typeof(IServiceRegistryFactory));
        Assert.Single(services, service => service.ServiceType == typeof(IValidateOptions<EtcdOptions>));

        await using var provider = services.BuildServiceProvider();
        Assert.NotNull(provider);
    }

    [Theory]
    [InlineData("Endpoints:0", "ftp://a", "Discovery:Etcd:Endpoints:0 is 'ftp://a'; allowed is an http or https URL")]
    [InlineData("Endpoints:0", "10.0.0.1:2379", "Discovery:Etcd:Endpoints:0 is '10.0.0.1:2379'; allowed is")]
    [InlineData("Endpoints:0", "http://a/path", "Discovery:Etcd:Endpoints:0 is 'http://a/path'; allowed is")]
    [InlineData("Endpoints:0", "http://user:canary@a:1", "Discovery:Etcd:Endpoints:0 is '***@a:1'; allowed is")]
    [InlineData("Username", "u", "Discovery:Etcd:Password is not set")]
    [InlineData("Password", "canary", "Discovery:Etcd:Username is not set")]
    [InlineData("PasswordFile", "/does/not/exist", "Discovery:Etcd:PasswordFile is '/does/not/exist', which cannot be read")]
    [InlineData("KeyPrefix", "a b", "Discovery:Etcd:KeyPrefix is 'a b'; allowed is")]
    [InlineData("Layout", "Kratoss", "Discovery:Etcd:Layout is 'Kratoss'; allowed is one of the known layouts: Default, Kratos, GoMicro, GoZero, Kitex, Hertz, GrpcNaming.")]
    [InlineData("AlsoWrite:0", "Kratoss", "Discovery:Etcd:AlsoWrite:0 is 'Kratoss'; allowed is")]
    [InlineData("AlsoWrite:0", "Default", "Discovery:Etcd:AlsoWrite:0 is 'Default'; allowed is")]
    [InlineData("Tls:CaCertificatePath", "/does/not/exist", "Discovery:Etcd:Tls:CaCertificatePath is '/does/not/exist', which cannot be used")]
    public async Task Create_WithASettingThatIsNotAllowed_NamesItTheValueAndWhatIs(string key, string value, string expected)
    {
        await using var provider = TestRegistry.Provider([(key, value)]);

        var e = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IServiceRegistryFactory>().Create());

        Assert.Contains(e.Failures, failure => failure.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain("canary", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AlsoWrite:1", "AlsoWrite:0=GoZero", "AlsoWrite:1=GrpcNaming")]
    [InlineData("AlsoWrite:0", "Layout=GoZero", "AlsoWrite:0=GrpcNaming")]
    [InlineData("AlsoWrite:1", "AlsoWrite:0=Kratos", "AlsoWrite:1=Kratos")]
    [InlineData("AlsoWrite:0", "KeyPrefix=/microservices/", "AlsoWrite:0=Kratos")]
    [InlineData(null, "Layout=GoZero", "KeyPrefix=team", "AlsoWrite:0=GrpcNaming", "AlsoWrite:1=Kratos", "AlsoWrite:2=kitex")]
    public async Task Create_WithLayoutsWhoseKeysWouldMix_NamesTheOneThatDoes(string? refused, params string[] settings)
    {
        await using var provider = TestRegistry.Provider(settings.Select(setting => setting.Split('=')).Select(pair => (pair[0], (string?)pair[1])));
        var factory = provider.GetRequiredService<IServiceRegistryFactory>();
        if (refused is null)
        {
            await factory.Create().DisposeAsync();
            return;
        }

        var e = Assert.Throws<OptionsValidationException>(factory.Create);

        Assert.StartsWith($"Discovery:Etcd:{refused} is", Assert.Single(e.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithBothAPasswordAndAFile_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        await using var provider = TestRegistry.Provider([("Username", "u"), ("Password", "canary"), ("PasswordFile", folder.Write("p", "canary"))]);

        var e = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IServiceRegistryFactory>().Create());

        Assert.Contains("Discovery:Etcd:PasswordFile", Assert.Single(e.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", e.ToString(), StringComparison.Ordinal);
    }
}
