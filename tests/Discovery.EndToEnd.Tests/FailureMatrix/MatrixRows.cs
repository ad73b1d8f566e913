using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix.Rows;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>All rows, in the order of the table, and the tests that play them.</summary>
[SupportedOSPlatform("linux")]
internal static class MatrixRows
{
    public static IReadOnlyList<(Type Test, IReadOnlyList<Row> Rows)> ByTest { get; } =
    [
        (typeof(LocalMatrixTests), [.. LocalRows.All]),
        (typeof(ConsulServerMatrixTests), [.. ConsulRows.Server]),
        (typeof(ConsulNetworkMatrixTests), [.. ConsulRows.Network]),
        (typeof(ConsulAnswersMatrixTests), [.. ConsulRows.Answers]),
        (typeof(ConsulLeavingMatrixTests), [.. ConsulRows.Leaving]),
        (typeof(EtcdServerMatrixTests), [.. EtcdRows.Server]),
        (typeof(EtcdNetworkMatrixTests), [.. EtcdRows.Network]),
        (typeof(EtcdLeavingMatrixTests), [.. EtcdRows.Leaving]),
        (typeof(EtcdClusterMatrixTests), [.. EtcdRows.Cluster]),
        (typeof(ManyInstancesMatrixTests), [.. ScaleRows.Instances]),
        (typeof(ManyServicesMatrixTests), [.. ScaleRows.Services]),
    ];

    public static IReadOnlyList<Row> All { get; } = [.. ByTest.SelectMany(test => test.Rows)];

    public static TheoryData<string> NamesOf(IEnumerable<Row> rows) => [.. rows.Select(row => row.ToString())];

    public static Row Find(string name) => All.Single(row => row.ToString() == name);
}
