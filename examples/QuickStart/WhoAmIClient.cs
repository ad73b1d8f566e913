namespace QuickStart;

/// <summary>Asks an instance of a service who it is.</summary>
internal sealed class WhoAmIClient(HttpClient http)
{
    public Task<HttpResponseMessage> AskAsync(string service, CancellationToken cancellationToken) =>
        http.GetAsync(new Uri($"http://{service}/whoami"), cancellationToken);
}
