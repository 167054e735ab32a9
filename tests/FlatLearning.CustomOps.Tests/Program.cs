using FlatLearning.CustomOps.Tests;

// Scenarios that need a process of their own; ChildProcess starts them. Exit status 0 and a last line for the test to
// read.
try
{
    string line = Scenarios.Run(args);
    NativeHost.CheckVariant();
    Console.WriteLine(line);
    return 0;
}
catch (Exception e)
{
    Console.WriteLine(e);
    return 1;
}
