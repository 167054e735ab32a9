using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>
/// Runs of one session on fixed inputs, with as little around ONNX Runtime's own work as possible: input values are
/// made once and not copied, outputs are released unread. One thread at a time; the session must live as long.
/// </summary>
internal sealed class BoundRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options;
    private readonly IReadOnlyDictionary<string, OrtTensor> _given;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OrtValue[] _inputs;

    internal BoundRun(
        InferenceSession session, RunOptions options, IReadOnlyDictionary<string, OrtTensor> given,
        string[] outputNames)
    {
        (_session, _options, _given, _outputNames) = (session, options, given, outputNames);
        _inputNames = [.. given.Keys];
        _inputs = [.. given.Values.Select(tensor => tensor.Lend())];
    }

    /// <summary>One run.</summary>
    /// <exception cref="OnnxRuntimeException">It failed.</exception>
    public void Run() => Values().Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OrtValue input in _inputs)
        {
            input.Dispose();
        }
    }

    /// <summary>One run, and its outputs.</summary>
    internal IDisposableReadOnlyCollection<OrtValue> Values()
    {
        try
        {
            return _session.Run(_options, _inputNames, _inputs, _outputNames);
        }
        finally
        {
            // The native inputs point into the tensors' memory.
            GC.KeepAlive(_given);
        }
    }
}
