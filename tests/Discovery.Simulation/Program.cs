// Usage: Discovery.Simulation [--seeds FIRST-LAST] [--workers N]    runs seeds, prints what fails and how to replay it
//        Discovery.Simulation --seed N [--trace]                    runs one, and prints all that happens in it
using Discovery.Simulation.Running;

var arguments = CommandLine.Parse(args);
if (arguments is null)
{
    Console.Error.WriteLine("Usage: Discovery.Simulation [--seeds FIRST-LAST] [--workers N] | --seed N [--trace]");
    return 2;
}

return arguments.IsWorker ? await Worker.RunAsync(arguments) : await Workers.RunAsync(arguments);
