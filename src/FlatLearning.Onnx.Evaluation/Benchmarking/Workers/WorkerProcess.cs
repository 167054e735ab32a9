using System.Diagnostics;
using System.Text.Json;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>A child process, from the parent's side. It ends with this object.</summary>
internal sealed class WorkerProcess : IDisposable
{
    // An interruption from the keyboard reaches the child first.
    private static readonly TimeSpan InterruptDelay = TimeSpan.FromMilliseconds(300);

    private readonly Process _process;
    private readonly string _subject;

    /// <summary>Starts a child.</summary>
    /// <param name="start">How.</param>
    /// <param name="subject">What it works on, for error texts.</param>
    /// <exception cref="UsageException">It cannot be started.</exception>
    public WorkerProcess(WorkerStart start, string subject)
    {
        _subject = subject;
        try
        {
            ProcessStartInfo process = new(start.File, start.Arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            OtherLibraries.PassTo(process);
            _process = Process.Start(process)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new UsageException(Messages.WorkerNotStarted(start.File, exception.Message));
        }

        // A crash is told by how the process ends; what it writes on the way is for nobody, and a full pipe would stop
        // it.
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>Asks for something and waits for it.</summary>
    /// <param name="request">What.</param>
    /// <param name="doing">What the child is doing meanwhile, for error texts: "loading it".</param>
    /// <param name="cancellation">Ends the waiting; the child goes with this object.</param>
    /// <exception cref="OnnxModelException">A file is at fault, or the child died.</exception>
    /// <exception cref="UsageException">The request is.</exception>
    public T Ask<T>(WorkerRequest request, string doing, CancellationToken cancellation)
        where T : class
    {
        string? line = null;
        try
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(request));
            _process.StandardInput.Flush();
            do
            {
                line = _process.StandardOutput.ReadLineAsync(cancellation)
                    .AsTask()
                    .WaitAsync(cancellation)
                    .GetAwaiter()
                    .GetResult();
            }
            while (line is not null && !line.StartsWith(WorkerLoop.Marker, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // A pipe that broke: the child is gone.
        }

        if (line is null)
        {
            throw Died(doing, cancellation);
        }

        WorkerReply<T> reply = JsonSerializer.Deserialize<WorkerReply<T>>(
            line[WorkerLoop.Marker.Length..], WorkerReply.Json)!;
        return reply.Result ?? throw Error(reply.Failure!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            try
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
            catch (InvalidOperationException)
            {
                // It ended in between.
            }
        }

        _process.Dispose();
    }

    private OnnxModelException Died(string doing, CancellationToken cancellation)
    {
        if (cancellation.WaitHandle.WaitOne(InterruptDelay))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        _process.WaitForExit();
        return new OnnxModelException(Messages.WorkerDied(_subject, doing, _process.ExitCode));
    }

    private static Exception Error(WorkerFailure failure) => failure.Kind switch
    {
        WorkerFailureKind.Model => new OnnxModelException(failure.Message),
        WorkerFailureKind.Usage => new UsageException(failure.Message),
        WorkerFailureKind.Memory => new OutOfMemoryException(failure.Message),
        _ => new InvalidOperationException($"in a worker: {failure.Message}"),
    };
}
