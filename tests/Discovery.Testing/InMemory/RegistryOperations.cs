namespace Discovery.Testing;

/// <summary>What a registry is asked for.</summary>
[Flags]
public enum RegistryOperations
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><see cref="IServiceRegistry.RegisterAsync"/>.</summary>
    Register = 1,

    /// <summary><see cref="IServiceLease.KeepAliveAsync"/>.</summary>
    KeepAlive = 2,

    /// <summary><see cref="IServiceLease.RevokeAsync"/>.</summary>
    Revoke = 4,

    /// <summary><see cref="IServiceRegistry.DeregisterAsync"/>.</summary>
    Deregister = 8,

    /// <summary><see cref="IServiceRegistry.WatchAsync"/>.</summary>
    Watch = 16,

    /// <summary><see cref="IServiceRegistry.GetServicesAsync"/>.</summary>
    GetServices = 32,

    /// <summary>Everything.</summary>
    All = Register | KeepAlive | Revoke | Deregister | Watch | GetServices,
}
