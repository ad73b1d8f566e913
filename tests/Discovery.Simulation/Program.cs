// Usage: Discovery.Simulation [--seeds FIRST-LAST] [--workers N]    runs seeds, prints what fails and how to replay it
//        Discovery.Simulation --seed N [--trace]                    runs one, and prints all that happens in it
//        Discovery.Simulation --bugs A,B [--seeds FIRST-LAST]      a build with bugs planted in it: runs the seeds with each of these bugs
//        Each with --registry memory|consul|etcd                    runs those of the seeds that are against this one
using Discovery.Simulation.Running;

var arguments = CommandLine.Parse(args);
if (arguments is null)
{
    Console.Error.WriteLine("Usage: Discovery.Simulation [--seeds FIRST-LAST] [--workers N] | --seed N [--trace] | --bugs A,B [--seeds FIRST-LAST]; each with --registry memory|consul|etcd");
    return 2;
}

return arguments.IsWorker ? await Worker.RunAsync(arguments) : await Workers.RunAsync(arguments);
