using System.Runtime.Versioning;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Plays rows. Each class below has rows of its own, so that the classes may run side by side.</summary>
[SupportedOSPlatform("linux")]
public abstract class MatrixTests
{
    /// <summary>The rows of every run.</summary>
    protected static TheoryData<string> Rows(Func<IEnumerable<Row>> rows) => MatrixRows.NamesOf(rows().Where(row => row.OnDemandBecause is null));

    /// <summary>The others.</summary>
    protected static TheoryData<string> RowsOnDemand(Func<IEnumerable<Row>> rows) => MatrixRows.NamesOf(rows().Where(row => row.OnDemandBecause is not null));

    protected static Task PlayAsync(string row)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Faults are brought about, and processes looked into, as only Linux lets one.");
        return MatrixRun.PlayAsync(MatrixRows.Find(row));
    }
}
