using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Discovery.Hosting.Telemetry;

/// <summary>The attributes of instruments and spans, and the values they may have: each from a set whose size is known.</summary>
internal static class Labels
{
    public const string Service = "discovery.service";
    public const string Registry = "discovery.registry";
    public const string Operation = "discovery.operation";
    public const string State = "discovery.state";
    public const string Source = "discovery.source";
    public const string Health = "discovery.health";
    public const string Outcome = "discovery.outcome";
    public const string Reason = "discovery.reason";

    /// <summary>On spans only.</summary>
    public const string Policy = "discovery.policy";

    /// <summary>On spans only: instances come and go, and a series for each would stay for ever.</summary>
    public const string InstanceId = "discovery.instance.id";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ErrorType = "error.type";

    /// <summary>What stands for all that has no value of its own (OpenTelemetry's well-known value of <c>error.type</c>).</summary>
    public const string Other = "_OTHER";

    /// <summary>The <c>error.type</c> of a pick where there was nothing to pick.</summary>
    public const string NoInstance = "no_instance";

    /// <summary>On spans only: the <c>error.type</c> of a call to a registry that was not made, because others have failed lately.</summary>
    public const string CircuitOpen = "circuit_open";

    public static string ErrorOf(Exception error) => error switch
    {
        RegistryException { Kind: var kind } => Of(kind),
        TimeoutRejectedException or TimeoutException => "timeout",
        OperationCanceledException => "cancelled",
        BrokenCircuitException => CircuitOpen,
        _ => Other,
    };

    /// <summary>The name of a value as labels write it: <c>connect_failed</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        Names<T>.Of(value);

    private static class Names<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Known = Enum.GetValues<T>().ToDictionary(value => value, value => Snake(value.ToString()));

        public static string Of(T value) => Known.GetValueOrDefault(value, Other);

        private static string Snake(string name) =>
            string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
    }
}
