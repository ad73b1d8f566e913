using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Discovery.Simulation.Apps;

internal sealed class SimulatedEnvironment : IHostEnvironment
{
    public string EnvironmentName { get; set; } = Environments.Development;

    public string ApplicationName { get; set; } = "simulated";

    public string ContentRootPath { get; set; } = "/";

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
