namespace Discovery.Etcd.Layouts;

/// <summary>What the last part of an instance's key is made of.</summary>
internal enum KeyKind
{
    /// <summary>The instance's ID: it stays at its key whatever else changes.</summary>
    Id,

    /// <summary>The address it is called at: an instance that moves has another key.</summary>
    Address,

    /// <summary>The lease it stands under: a new lease is a new key.</summary>
    Lease,
}
