using System.Runtime.Versioning;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Plays rows. Each class below has rows of its own, so that the classes may run side by side.</summary>
[SupportedOSPlatform("linux")]
// Until all of its rows have held many times in a row on two cores.
[Trait("Category", "Slow")]
public abstract class MatrixTests
{
    protected static TheoryData<string> Rows(Func<IEnumerable<Row>> rows) => MatrixRows.NamesOf(rows());

    protected static Task PlayAsync(string row)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Faults are brought about, and processes looked into, as only Linux lets one.");
        return MatrixRun.PlayAsync(MatrixRows.Find(row));
    }
}
