namespace Discovery;

/// <summary>Why a registry did not do what it was asked.</summary>
public enum RegistryErrorKind
{
    /// <summary>It could not be reached, did not answer in time, or is in no state to answer. Trying again later may help.</summary>
    Unavailable,

    /// <summary>It refuses: a credential or a permission is missing. Trying again helps only after somebody has changed that.</summary>
    Denied,

    /// <summary>It, or the provider, holds the request to be wrong. Trying again the same way does not help.</summary>
    Invalid,
}
