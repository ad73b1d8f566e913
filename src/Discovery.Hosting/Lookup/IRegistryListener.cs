namespace Discovery.Hosting.Lookup;

/// <summary>Hears what registries say of one service.</summary>
internal interface IRegistryListener
{
    void OnChange(RegistrySource registry, RegistryChange change);

    void OnLost(RegistrySource registry, Exception reason);
}
