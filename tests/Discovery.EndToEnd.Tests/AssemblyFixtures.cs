[assembly: AssemblyFixture(typeof(Discovery.EndToEnd.Tests.FailureMatrix.MatrixTable))]
