using Discovery.Hosting.Http;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Http;

[Collection(Costs.Name)]
public sealed class HandlerCostTests
{
    [Fact]
    public async Task Send_ToAWarmService_AllocatesNoMoreThanTheRewrittenUri()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(3));
        await host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        using var handler = host.Services.GetRequiredService<DiscoveryHandler>();
        handler.InnerHandler = new AnswersAtOnce();
        using var invoker = new HttpMessageInvoker(handler);
        var uris = Enumerable.Range(0, 1000).Select(i => new Uri($"http://orders/path/{i}")).ToArray();
        Array.ForEach(uris, uri => GC.KeepAlive(uri.Host + uri.PathAndQuery));

        // Another path each time, then one and the same.
        Assert.InRange(AllocatedBy(invoker, i => uris[i % uris.Length]), 1, 200);
        Assert.InRange(AllocatedBy(invoker, _ => uris[0]), 0, 16);
    }

    private static long AllocatedBy(HttpMessageInvoker invoker, Func<int, Uri> uri)
    {
        const int Calls = 2000;
        using var request = new HttpRequestMessage();
        Send(Calls);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(Calls);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;

        void Send(int calls)
        {
            for (var i = 0; i < calls; i++)
            {
                request.RequestUri = uri(i);
                if (!invoker.SendAsync(request, CancellationToken.None).IsCompletedSuccessfully)
                {
                    throw new InvalidOperationException("It had to wait.");
                }
            }
        }
    }

    private sealed class AnswersAtOnce : HttpMessageHandler
    {
        private readonly Task<HttpResponseMessage> _answer = Task.FromResult(new HttpResponseMessage());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _answer;
    }
}
