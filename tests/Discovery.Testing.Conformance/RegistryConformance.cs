namespace Discovery.Testing.Conformance;

/// <summary>
/// What every registry must do while it is up; derived once per provider. Its siblings: <see cref="RegistryExpiryConformance"/>,
/// <see cref="RegistryOutageConformance"/> and <see cref="RegistryUndecodableConformance"/>.
/// </summary>
/// <remarks>Service names are unique per test, so one server can serve all.</remarks>
public abstract partial class RegistryConformance : RegistryConformanceBase;
