using FlatLearning.Onnx.Cli;

if (CrashGuard.Run(args) is { } status)
{
    return status;
}

FileSizeLimit.BecomesError();
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
