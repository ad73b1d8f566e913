// Tests wait for other processes most of the time: twice as many as there are cores fill two of them. With three times as many, thirty threads stood in line, and a beat came late.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]
[assembly: AssemblyFixture(typeof(Discovery.EndToEnd.Tests.FailureMatrix.MatrixTable))]
