namespace Discovery.Hosting.Lookup;

/// <summary>What the registries in use say of a service, whether there is one or several.</summary>
internal interface IInstanceSource
{
    InstanceTable Table { get; }

    /// <summary>Whether a registry stands by each of the instances now.</summary>
    bool IsStoodBy { get; }

    /// <summary>Since when none does; null where one does.</summary>
    long? StoodByUntil { get; }

    /// <summary>Whether the instances are known from a registry that has answered, and not only remembered from before.</summary>
    bool HasAnswered { get; }

    /// <summary>Drops a held instance that is proven dead or was held long enough. One that is listed again stays.</summary>
    bool Drop(string id);
}
