using FlatLearning.Onnx.Cli;

if (CrashGuard.Run(args) is { } status)
{
    return status;
}

using IDisposable? sizeLimit = FileSizeLimit.AsError();
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
