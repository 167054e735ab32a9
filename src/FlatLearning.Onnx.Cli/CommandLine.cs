using System.CommandLine;
using System.Text.RegularExpressions;
using FlatLearning.Dyn;
using FlatLearning.Onnx.Cli.Commands;
using FlatLearning.Onnx.Cli.Help;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Files;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.Cli;

/// <summary>The whole command line: parsing, the one catch point, and the exit status.</summary>
public static class CommandLine
{
    // What is between two looks at the cancellation, such as ONNX Runtime loading a model, may end in peace.
    private static readonly TimeSpan InterruptPatience = TimeSpan.FromSeconds(10);

    /// <summary>Runs one command. stdout carries the answer, stderr everything else.</summary>
    /// <returns>0 done, 1 a defect of ours, 2 bad usage or input, 3 a requested check failed, 130
    /// interrupted.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter stdout, TextWriter stderr)
    {
        RootCommand root = new(
            "Makes ONNX models smaller without data: weights become DyN operators that "
                + "any ONNX Runtime runs.")
        {
            ConvertCommand.Create(stdout, stderr),
            CompareCommand.Create(stdout, stderr),
            BenchCommand.Create(stdout, stderr),
            InspectCommand.Create(stdout),
            RestoreCommand.Create(stdout, stderr),
            FitCommand.Create(stdout, stderr),
            LibraryPathCommand.Create(stdout),
            CompletionCommand.Create(stdout),
            WorkerCommand.Create(stdout),
        };
        ExampleHelpAction.Install(root);
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            stderr.WriteLine($"flat-onnx: {SentenceText.OneLine(UsageErrors.Sentence(parsed, root))}");
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
                    ProcessTerminationTimeout = InterruptPatience,
                });
        }
        catch (Exception exception)
        {
            return Fail(exception, stderr, arguments.Any(argument => argument is "--verbose" or "-v"));
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
            InterruptedException => (ExitCode.Interrupted, exception.Message),
            OperationCanceledException => (ExitCode.Interrupted, CliTexts.Interrupted()),
            OnnxModelException or UsageException or DynFormatException or OnnxRuntimeException =>
                (ExitCode.BadInput, exception.Message),
            IOException or UnauthorizedAccessException => (ExitCode.BadInput, exception.Message),
            RegexMatchTimeoutException => (ExitCode.BadInput, CliTexts.PatternTooSlow()),
            OutOfMemoryException => (ExitCode.BadInput, CliTexts.OutOfMemory),
            _ => (ExitCode.Defect, CliTexts.Defect(exception)),
        };
        stderr.WriteLine($"flat-onnx: {SentenceText.OneLine(sentence)}");
        if (verbose)
        {
            foreach (string line in exception.ToString().Split('\n'))
            {
                stderr.Say(line.TrimEnd('\r'));
            }
        }

        return status;
    }
}
