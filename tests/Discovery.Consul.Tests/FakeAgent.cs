using System.Globalization;
using Discovery.Testing;

namespace Discovery.Consul.Tests;

/// <summary>An agent that answers as a real one never would.</summary>
internal static class FakeAgent
{
    /// <summary>Answers everything with this body, as the list of a service at this index.</summary>
    public static Task<FakeServer> AnsweringAsync(byte[] body, int status = 200, long index = 5) => FakeServer.StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Consul-Index"] = index.ToString(CultureInfo.InvariantCulture);
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    });
}
