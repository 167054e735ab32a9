using FlatLearning.Onnx.Cli;

using IDisposable? sizeLimit = FileSizeLimit.AsError();
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
