using Discovery.Testing.Servers;

// Tests wait for leases and elections most of the time.
[assembly: Xunit.v3.Parallelization(MaxThreads = 6)]
[assembly: AssemblyFixture(typeof(SharedEtcdServer))]
