using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Discovery.Hosting.Configuration;
using Discovery.Hosting.Tests.Lookup;
using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Hosting.Tests.Configuration;

/// <summary>What editors are told of appsettings.json is what the options are: every setting, its type, default and range, and nothing else.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "src", "Discovery.Hosting");
    private static readonly SchemaNode Schema = SchemaNode.Read(Path.Combine(Folder, "ConfigurationSchema.json"))["Discovery"];

    public static TheoryData<string, string, bool> Bounds
    {
        get
        {
            var rows = new TheoryData<string, string, bool>();
            Visit(SettingTree.Root, Schema, (setting, node) =>
            {
                var (min, max, isMinAllowed) = node.Range;
                var path = setting.Path.Replace('*', 'x');
                if (min is not null)
                {
                    rows.Add(path, min, isMinAllowed);
                    rows.Add(path, Beyond(setting.Type, min, -1), false);
                }

                if (max is not null)
                {
                    rows.Add(path, max, true);
                    rows.Add(path, Beyond(setting.Type, max, 1), false);
                }
            });
            return rows;
        }
    }

    public static TheoryData<string> TypedSettings
    {
        get
        {
            var paths = new TheoryData<string>();
            Visit(SettingTree.Root, Schema, (setting, _) =>
            {
                if (setting.SchemaType is not ("object" or "array") && setting.Type != typeof(string))
                {
                    paths.Add(setting.Path.Replace('*', 'x'));
                }
            });
            return paths;
        }
    }

    [Fact]
    public void Schema_OfEverySection_HoldsItsSettingsAndNothingElse() =>
        Visit(SettingTree.Root, Schema, (setting, node) =>
        {
            Assert.True(setting.SchemaType == node.Type, $"{setting.Path} is of type {node.Type}");
            Assert.True(node.Description.Length > 0 || setting.Name == "*", $"{setting.Path} is not described");
            Assert.True(setting.Settings.Select(inner => inner.Name).ToHashSet().SetEquals(node.Names), $"{setting.Path} has {string.Join(", ", node.Names)}");
        });

    [Fact]
    public void Schema_OfEverySetting_SaysItsDefault() =>
        Visit(SettingTree.Root, Schema, (setting, node) => Assert.True(
            TextOf(setting) == (node.Default is { } value ? value.ValueKind is JsonValueKind.String ? value.GetString() : value.GetRawText() : null),
            $"{setting.Path} is {TextOf(setting)} by default, not {node.Default}"));

    [Fact]
    public void Schema_OfEveryTime_AcceptsWhatTheBinderReadsAsItIsMeant() =>
        Visit(SettingTree.Root, Schema, (setting, node) =>
        {
            if (setting.Type == typeof(TimeSpan))
            {
                Assert.All(["00:00:15", "0:30", "00:00:00.250", "1.00:00:00"], text => Assert.Matches(node.Pattern!, text));
                Assert.All(["15", "15s", "PT15S"], text => Assert.DoesNotMatch(node.Pattern!, text)); // "15" is fifteen days to .NET
            }
        });

    [Fact]
    public async Task Schema_OfNamedValues_OffersThoseThatAreKnown()
    {
        await using var host = new LookupHost();
        var policies = host.Services.GetServices<ILoadBalancingPolicy>().Select(policy => policy.Name);
        var providers = host.Services.GetServices<IServiceRegistryFactory>().Select(factory => factory.Name).Except(["Scripted"]);

        Assert.Equal(policies.Order(), Schema["Client"]["LoadBalancing"].Values.Order());
        Assert.Equal(policies.Order(), Schema["Client"]["Services"].Element!["LoadBalancing"].Values.Order());
        Assert.Equal(providers.Order(), Schema["Provider"].Values.Order());
        Assert.Equal(Schema["Provider"].Values, Schema["Providers"].Element!.Values);
        Assert.Contains($"allowed is {string.Join(", ", Schema["Consul"]["Check"].Values)}.", await ValidateAsync("Discovery:Consul:Check", "?"), StringComparison.Ordinal);
        Assert.Contains($"allowed is {string.Join(", ", Schema["Consul"]["Compatibility"].Element!.Values)}.", await ValidateAsync("Discovery:Consul:Compatibility:0", "?"), StringComparison.Ordinal);
        Assert.Contains($"known layouts: {string.Join(", ", Schema["Etcd"]["Layout"].Values)}.", await ValidateAsync("Discovery:Etcd:Layout", "?"), StringComparison.Ordinal);
        Assert.Equal(Schema["Etcd"]["Layout"].Values, Schema["Etcd"]["AlsoWrite"].Element!.Values);
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public async Task Range_OfASetting_IsWhatItsValidatorAllows(string path, string value, bool isAllowed)
    {
        var message = await ValidateAsync(path, value);
        Assert.True(isAllowed ? message is null : message?.StartsWith($"{path} is '", StringComparison.Ordinal), message);
    }

    // The binder would stop the start as well, with an exception of its own that says nothing of what is allowed.
    [Theory]
    [MemberData(nameof(TypedSettings))]
    public async Task Text_ThatIsNoValueOfASettingsType_StopsTheStartNamingItsWholePath(string path) =>
        Assert.StartsWith($"{path} is 'abc'; allowed is ", await ValidateAsync(path, "abc"), StringComparison.Ordinal);

    [Fact]
    public void Package_CarriesTheSchema_AndTellsEditorsOfIt()
    {
        var project = File.ReadAllText(Path.Combine(Folder, "Discovery.Hosting.csproj"));
        Assert.Contains("""<None Include="ConfigurationSchema.json" Pack="true" PackagePath="/" />""", project, StringComparison.Ordinal);
        Assert.Contains("""PackagePath="buildTransitive/;build/" """, project, StringComparison.Ordinal);
        var targets = File.ReadAllText(Path.Combine(Folder, "buildTransitive", "Discovery.Hosting.targets"));
        var pattern = Regex.Match(targets, """Include="\$\(MSBuildThisFileDirectory\)\.\./ConfigurationSchema\.json" FilePathPattern="([^"]+)" """).Groups[1].Value;
        Assert.Matches($"^{pattern}$", "appsettings.Development.json");
    }

    private static void Visit(SettingTree setting, SchemaNode node, Action<SettingTree, SchemaNode> visit)
    {
        visit(setting, node);
        if (setting.Element is { } element)
        {
            Assert.True(node.Element is not null, $"{setting.Path} has no elements");
            Visit(element, node.Element, visit);
        }

        foreach (var inner in setting.Settings.Where(inner => node.Names.Contains(inner.Name)))
        {
            Visit(inner, node[inner.Name], visit);
        }
    }

    private static string? TextOf(SettingTree setting) => setting switch
    {
        { SchemaType: "array" or "object" } or { Default: null } => null,
        { Default: bool value } => value ? "true" : "false",
        _ => Convert.ToString(setting.Default, CultureInfo.InvariantCulture),
    };

    private static string Beyond(Type type, string bound, int by) =>
        type == typeof(TimeSpan) ? (TimeSpan.Parse(bound, CultureInfo.InvariantCulture) + TimeSpan.FromMilliseconds(by)).ToString("c", CultureInfo.InvariantCulture)
        : type == typeof(int) ? (int.Parse(bound, CultureInfo.InvariantCulture) + by).ToString(CultureInfo.InvariantCulture)
        : (double.Parse(bound, CultureInfo.InvariantCulture) + (by * 0.001)).ToString(CultureInfo.InvariantCulture);

    private static async Task<string?> ValidateAsync(string path, string value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = path.Split(':')[1] is var room && room is "Consul" or "Etcd" ? room : "Local",
            // Bound by another setting.
            ["Discovery:Client:Resilience:AttemptTimeout"] = "00:00:00.010",
            [path] = value,
        };
        await using var provided = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = Environments.Development })
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromHours(1))
            .AddServiceRegistration()
            .AddServiceRegistration("x")
            .AddHttpClient("orders").AddDiscovery().Services
            .BuildServiceProvider();
        var validation = new StartupValidation(provided, provided.GetServices<StartupSetting>());
        return (await Record.ExceptionAsync(() => validation.StartingAsync(TestContext.Current.CancellationToken)))?.Message;
    }
}
