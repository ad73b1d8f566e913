using Discovery.Dashboard.Browser.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Chromium))]

// One browser on a machine that others use too: pages that wait for one another would measure that.
[assembly: Parallelization(Mode = ParallelMode.None)]
