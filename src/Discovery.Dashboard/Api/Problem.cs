namespace Discovery.Dashboard.Api;

/// <summary>Why there is no answer, as RFC 9457 has it.</summary>
internal sealed record Problem(int Status, string Detail)
{
    public string Title => Status switch { 400 => "Bad Request", 404 => "Not Found", _ => "Service Unavailable" };
}
