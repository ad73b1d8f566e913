using System.Diagnostics.CodeAnalysis;

namespace Discovery.Etcd.Layouts;

/// <summary>The known layouts by name, without regard to case.</summary>
internal static class EtcdLayouts
{
    private static readonly IEtcdLayout[] All =
        [new DefaultLayout(), new KratosLayout(), new GoMicroLayout(), new GoZeroLayout(), CloudWeGoLayout.Kitex, CloudWeGoLayout.Hertz, new GrpcNamingLayout()];

    /// <summary>Their names, as a message says them.</summary>
    public static string Known => string.Join(", ", All.Select(layout => layout.Name));

    public static IEtcdLayout Get(string name) =>
        TryGet(name, out var layout) ? layout : throw new ArgumentException($"There is no layout '{name}'; known are {Known}.", nameof(name));

    public static bool TryGet(string? name, [NotNullWhen(true)] out IEtcdLayout? layout)
    {
        layout = Array.Find(All, known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return layout is not null;
    }
}
