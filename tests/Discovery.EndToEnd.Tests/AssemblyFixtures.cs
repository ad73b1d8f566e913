// Tests wait for other processes most of the time: twice as many as there are cores fill two of them, and leave room.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]
[assembly: AssemblyFixture(typeof(Discovery.EndToEnd.Tests.FailureMatrix.MatrixTable))]
