namespace Discovery.Hosting.Lookup;

/// <summary>Hears what a registry says of one service.</summary>
internal interface IRegistryListener
{
    void OnChange(RegistryChange change);

    void OnLost(Exception reason);
}
