namespace Discovery;

/// <summary>Where a registration stands in one registry.</summary>
public enum RegistrationState
{
    /// <summary>The app has not started yet, or its addresses are not known yet.</summary>
    Pending,

    /// <summary>It is being registered, for the first time or anew.</summary>
    Registering,

    /// <summary>It is registered and kept alive.</summary>
    Registered,

    /// <summary>It was registered, and its last keep-alives got no answer: the registry may still hold it.</summary>
    Suspect,

    /// <summary>Another living copy has taken its ID over; it will be registered under an ID of its own if both go on running.</summary>
    Superseded,

    /// <summary>It cannot be registered as it is: an operator must change a setting or a permission.</summary>
    Refused,

    /// <summary>It is being revoked, or was: the app is stopping or no longer wants it.</summary>
    Revoked,
}
