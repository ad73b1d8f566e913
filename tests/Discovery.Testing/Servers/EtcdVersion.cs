namespace Discovery.Testing.Servers;

/// <summary>The etcd releases that the tests run against.</summary>
public enum EtcdVersion
{
    /// <summary>3.5, what most run.</summary>
    V35,

    /// <summary>3.4, the oldest supported one.</summary>
    V34,
}
