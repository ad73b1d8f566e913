namespace QuickStart;

/// <summary>Which copy answers.</summary>
internal sealed record WhoAmI(string Service, string? Id, int Pid);
