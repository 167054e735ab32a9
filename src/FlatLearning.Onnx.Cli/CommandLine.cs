using System.CommandLine;
using System.CommandLine.Parsing;
using FlatLearning.Dyn;
using FlatLearning.Onnx.Cli.Commands;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Files;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.Onnx.Cli;

/// <summary>The whole command line: parsing, the one catch point, and the exit status.</summary>
public static class CommandLine
{
    /// <summary>Runs one command. stdout carries the answer, stderr everything else.</summary>
    /// <returns>0 done, 1 a defect of ours, 2 bad usage or input, 3 a requested check failed, 130 interrupted.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter stdout, TextWriter stderr)
    {
        RootCommand root = new("Makes ONNX models smaller without data: MatMul and Gemm weights become DyN operators that any ONNX Runtime runs.")
        {
            ConvertCommand.Create(stdout, stderr),
            CompareCommand.Create(stdout, stderr),
            InspectCommand.Create(stdout),
            RestoreCommand.Create(stdout),
            LibraryPathCommand.Create(stdout),
        };
        ParseResult parsed = root.Parse(arguments);
        bool verbose = arguments.Contains("--verbose");
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                stderr.WriteLine($"flat-onnx: {error.Message}");
            }

            stderr.WriteLine($"flat-onnx: 'flat-onnx {parsed.CommandResult.Command.Name} --help' shows the usage."
                .Replace($"flat-onnx {root.Name} ", "flat-onnx ", StringComparison.Ordinal));
            return ExitCode.BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    Output = stdout,
                    Error = stderr,
                    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
                });
        }
        catch (Exception exception)
        {
            return Fail(exception, stderr, verbose);
        }
    }

    private static int Fail(Exception exception, TextWriter stderr, bool verbose)
    {
        if (exception is AggregateException { InnerExceptions: [.., Exception last] })
        {
            exception = last;
        }

        (int status, string sentence) = exception switch
        {
            OperationCanceledException => (ExitCode.Interrupted, "interrupted; nothing was written."),
            OnnxModelException or UsageException or DynFormatException or OrtException => (ExitCode.BadInput, exception.Message),
            IOException or UnauthorizedAccessException => (ExitCode.BadInput, exception.Message),
            OutOfMemoryException => (ExitCode.BadInput, "there is not enough memory for this model on this machine."),
            _ => (ExitCode.Defect, $"this is a defect of flat-onnx, please report it: {exception.GetType().Name}: {exception.Message}"),
        };
        stderr.WriteLine($"flat-onnx: {SentenceText.OneLine(sentence)}");
        if (verbose)
        {
            stderr.WriteLine(exception);
        }

        return status;
    }
}
