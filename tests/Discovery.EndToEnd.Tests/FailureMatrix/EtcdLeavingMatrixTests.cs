using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix.Rows;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

[SupportedOSPlatform("linux")]
public sealed class EtcdLeavingMatrixTests : MatrixTests
{
    public static TheoryData<string> Names => Rows(() => EtcdRows.Leaving);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Everybody_DuringAndAfterTheFault_SeesWhatTheTableSays(string row) => PlayAsync(row);
}
