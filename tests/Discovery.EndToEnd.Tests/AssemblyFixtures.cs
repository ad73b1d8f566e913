// Tests wait for other processes most of the time: three times as many as there are cores fill two of them.
[assembly: Xunit.v3.Parallelization(MaxThreads = 6)]
[assembly: AssemblyFixture(typeof(Discovery.EndToEnd.Tests.FailureMatrix.MatrixTable))]
