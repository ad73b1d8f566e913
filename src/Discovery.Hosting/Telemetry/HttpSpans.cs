using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace Discovery.Hosting.Telemetry;

/// <summary>Has the spans of HTTP calls, which .NET begins inside the primary handler, show the instance that the call goes to.</summary>
internal static class HttpSpans
{
    private static readonly HttpRequestOptionsKey<ServiceInstance> Key = new("Discovery.Instance");

    // Begins no span: sources are listened to by name, so this one knows whether anybody wants those of .NET.
    private static readonly ActivitySource Source = new("System.Net.Http");

    /// <summary>Notes with a request where it goes, if anybody traces.</summary>
    public static void Note(HttpRequestMessage request, ServiceInstance instance)
    {
        if (Source.HasListeners())
        {
            request.Options.Set(Key, instance);
        }
    }

    public static void AddTo(IHttpClientBuilder builder)
    {
        // After all that the app configures, which may put in another handler.
        if (builder.Name is { } name)
        {
            builder.Services.PostConfigure<HttpClientFactoryOptions>(name, AddTo);
        }
        else
        {
            builder.Services.PostConfigureAll<HttpClientFactoryOptions>(AddTo);
        }
    }

    private static void AddTo(HttpClientFactoryOptions options) => options.HttpMessageHandlerBuilderActions.Add(static builder =>
    {
        if (builder.PrimaryHandler is SocketsHttpHandler { ActivityHeadersPropagator: { } propagator and not Propagator } handler)
        {
            try
            {
                handler.ActivityHeadersPropagator = new Propagator(propagator);
            }
            catch (InvalidOperationException)
            {
                // The app shares a handler that has sent requests already: it cannot be changed, and its spans show the address only.
            }
        }
    });

    /// <summary>Is shown each span and its request when the span's context is written into the headers, which is the one moment where both are at hand.</summary>
    private sealed class Propagator(DistributedContextPropagator inner) : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => inner.Fields;

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
        {
            if (activity is { IsAllDataRequested: true } && activity.Source.Name == Source.Name
                && carrier is HttpRequestMessage request && request.Options.TryGetValue(Key, out var instance))
            {
                activity.SetTag(Labels.Service, instance.ServiceName).SetTag(Labels.InstanceId, instance.Id);
            }

            inner.Inject(activity, carrier, setter);
        }

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
            inner.ExtractBaggage(carrier, getter);
    }
}
