using Discovery.Testing.Servers;

[assembly: AssemblyFixture(typeof(SharedConsulServer))]
