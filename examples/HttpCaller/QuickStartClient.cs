namespace HttpCaller;

/// <summary>What the app asks of the service "quickstart".</summary>
internal sealed class QuickStartClient(HttpClient http)
{
    public async Task<string> WhoAreYouAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await http.GetStringAsync(new Uri("whoami", UriKind.Relative), cancellationToken);
        }
        catch (Discovery.NoInstanceAvailableException e)
        {
            return e.Message; // names the service, where the answer comes from, and how old it is
        }
    }
}
