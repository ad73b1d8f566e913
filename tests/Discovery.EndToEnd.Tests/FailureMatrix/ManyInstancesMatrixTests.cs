using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix.Rows;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

[SupportedOSPlatform("linux")]
public sealed class ManyInstancesMatrixTests : MatrixTests
{
    public static TheoryData<string> Names => Rows(() => ScaleRows.Instances);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Everybody_DuringAndAfterTheFault_SeesWhatTheTableSays(string row) => PlayAsync(row);
}
