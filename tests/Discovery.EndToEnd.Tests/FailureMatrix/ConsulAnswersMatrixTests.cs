using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix.Rows;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

[SupportedOSPlatform("linux")]
public sealed class ConsulAnswersMatrixTests : MatrixTests
{
    public static TheoryData<string> Names => Rows(() => ConsulRows.Answers);

    public static TheoryData<string> NamesOnDemand => RowsOnDemand(() => ConsulRows.Answers);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Everybody_DuringAndAfterTheFault_SeesWhatTheTableSays(string row) => PlayAsync(row);

    [Theory]
    [MemberData(nameof(NamesOnDemand))]
    [Trait("Category", "Slow")] // each row says why
    public Task Everybody_DuringAndAfterTheFault_SeesWhatTheTableSaysOnDemand(string row) => PlayAsync(row);
}
