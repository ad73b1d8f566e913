using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix.Rows;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

[SupportedOSPlatform("linux")]
public sealed class LocalMatrixTests : MatrixTests
{
    public static TheoryData<string> Names => Rows(() => LocalRows.All);

    public static TheoryData<string> NamesOnDemand => RowsOnDemand(() => LocalRows.All);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Everybody_DuringAndAfterTheFault_SeesWhatTheTableSays(string row) => PlayAsync(row);

    [Theory]
    [MemberData(nameof(NamesOnDemand))]
    [Trait("Category", "Slow")] // each row says why
    public Task Everybody_DuringAndAfterTheFault_SeesWhatTheTableSaysOnDemand(string row) => PlayAsync(row);
}
