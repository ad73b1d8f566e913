namespace Discovery.Hosting.Lookup;

/// <summary>What a probe says of an endpoint.</summary>
internal enum ProbeResult
{
    /// <summary>Something accepts connections there.</summary>
    Accepted,

    /// <summary>Nothing listens there.</summary>
    Refused,

    /// <summary>No answer: the network may be at fault as well as the instance.</summary>
    Unknown,
}
