using System.Globalization;

namespace Discovery.Benchmarks.Watching;

/// <summary>The limit: bare blocking queries, one after another, whose answers are read and not looked into.</summary>
internal sealed class ConsulQueries(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };

    public Task RegisterAsync(string json) => PutAsync("/v1/agent/service/register", json);

    public Task DeregisterAsync(string id) => PutAsync("/v1/agent/service/deregister/" + id, "");

    /// <summary>Writes to the catalog, past the agent, which would compare all of its thousands of services with the catalog at each change.</summary>
    public Task WriteToCatalogAsync(string json) => PutAsync("/v1/catalog/register", json);

    /// <summary>Tells the body of each new answer until cancelled.</summary>
    public async Task WatchAsync(Action<byte[]> changed, CancellationToken cancellationToken)
    {
        var index = 0L;
        try
        {
            while (true)
            {
                using var answer = await _http.GetAsync($"/v1/health/service/orders?index={index}&wait=60s", cancellationToken);
                var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                var seen = long.Parse(answer.Headers.GetValues("X-Consul-Index").First(), CultureInfo.InvariantCulture);
                if (seen != index)
                {
                    changed(body);
                }

                index = seen;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task PutAsync(string path, string json)
    {
        using var content = new StringContent(json);
        using var answer = await _http.PutAsync(path, content);
        answer.EnsureSuccessStatusCode();
    }
}
