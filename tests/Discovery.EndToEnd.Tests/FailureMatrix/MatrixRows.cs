using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix.Rows;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>All rows, in the order of the table.</summary>
[SupportedOSPlatform("linux")]
internal static class MatrixRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        .. LocalRows.All,
        .. ConsulRows.Server, .. ConsulRows.Network, .. ConsulRows.Answers, .. ConsulRows.Leaving,
        .. EtcdRows.Server, .. EtcdRows.Network, .. EtcdRows.Leaving, .. EtcdRows.Cluster,
        .. ScaleRows.Instances, .. ScaleRows.Services,
    ];

    public static TheoryData<string> NamesOf(IEnumerable<Row> rows) => [.. rows.Select(row => row.ToString())];

    public static Row Find(string name) => All.Single(row => row.ToString() == name);
}
