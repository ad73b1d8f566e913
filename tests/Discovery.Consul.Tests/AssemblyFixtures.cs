using Discovery.Testing.Servers;

// Tests wait for an agent's time-outs most of the time.
[assembly: Xunit.v3.Parallelization(MaxThreads = 6)]
[assembly: AssemblyFixture(typeof(SharedConsulServer))]
