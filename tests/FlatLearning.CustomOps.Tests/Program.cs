using FlatLearning.CustomOps.Tests;

// Scenarios that need a process of their own; ChildProcess starts them. Exit status 0 and a last line for the test to
// read.
try
{
    Console.WriteLine(Scenarios.Run(args));
    return 0;
}
catch (Exception e)
{
    Console.WriteLine(e);
    return 1;
}
