using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Tests.Telemetry;

/// <summary>The list of events in docs/events.md is that of the code.</summary>
public sealed class EventsDocumentTests
{
    private static readonly (Assembly Assembly, int From, int To)[] Rooms =
    [
        (typeof(DiscoveryOptions).Assembly, 1, 999),
        (typeof(Local.LocalOptions).Assembly, 1001, 1999),
        (typeof(Consul.ConsulOptions).Assembly, 2001, 2999),
        (typeof(Etcd.EtcdOptions).Assembly, 3001, 3999),
        (typeof(DiscoveryReverseProxyBuilderExtensions).Assembly, 4001, 4999),
        (typeof(DiscoveryGrpcServiceCollectionExtensions).Assembly, 5001, 5999),
    ];

    private static readonly IReadOnlyList<string[]> Documented = DocumentedTable.Read("events.md", "ID");

    [Fact]
    public void Document_ListsTheEventsOfTheCode() =>
        Assert.Equal(
            Rooms.SelectMany(room => Messages(room.Assembly)).OrderBy(message => message.EventId)
                .Select(message => $"{message.EventId} {message.EventName} {message.Level} {message.Message}"),
            Documented.Select(row => string.Join(' ', row[..4])));

    [Fact]
    public void Events_OfEachAssembly_HaveNamesAndNumbersOfTheirOwn()
    {
        Assert.All(Rooms, room => Assert.All(Messages(room.Assembly), message =>
        {
            Assert.InRange(message.EventId, room.From, room.To);
            Assert.False(string.IsNullOrEmpty(message.EventName), message.Message);
        }));
        var messages = Rooms.SelectMany(room => Messages(room.Assembly)).ToList();
        Assert.True(messages.Count > 30);
        Assert.Equal(messages.Count, messages.Select(message => message.EventId).Distinct().Count());
        Assert.Equal(messages.Count, messages.Select(message => message.EventName).Distinct().Count());
    }

    [Fact]
    public void Document_OfEachWarningAndError_SaysWhatToDo() =>
        Assert.All(
            Documented.Where(row => Enum.Parse<LogLevel>(row[2]) >= LogLevel.Warning),
            row => Assert.True(row[4].Length > 10, string.Create(CultureInfo.InvariantCulture, $"{row[0]} {row[1]}")));

    private static IEnumerable<LoggerMessageAttribute> Messages(Assembly assembly) =>
        assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>();
}
