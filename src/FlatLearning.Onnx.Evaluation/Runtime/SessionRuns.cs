using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>Runs of sessions on <see cref="OrtTensor"/>.</summary>
internal static class SessionRuns
{
    private static readonly Lazy<RunOptions> Defaults = new(() => new RunOptions());

    /// <summary>Runs a model.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="inputs">The inputs by name; every input that the model requires, no other.</param>
    /// <param name="outputs">The outputs wanted, in order; null for all.</param>
    /// <returns>The outputs, in the order asked for, copied.</returns>
    /// <exception cref="OnnxRuntimeException">An input is missing, unknown or of the wrong type, or the run
    /// failed.</exception>
    /// <exception cref="NotSupportedException">An output is nothing that <see cref="OutputReader"/> reads.</exception>
    public static IReadOnlyList<OrtTensor> Run(
        this InferenceSession session, IReadOnlyDictionary<string, OrtTensor> inputs,
        IReadOnlyList<string>? outputs = null) =>
        [.. session.RunReadable(inputs, outputs).Select((tensor, i) => tensor
            ?? throw new NotSupportedException(
                $"Output '{(outputs ?? session.OutputNames)[i]}' cannot be read here."))];

    /// <summary>The same, with null for each output that cannot be read.</summary>
    /// <inheritdoc cref="Run"/>
    public static IReadOnlyList<OrtTensor?> RunReadable(
        this InferenceSession session, IReadOnlyDictionary<string, OrtTensor> inputs,
        IReadOnlyList<string>? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(inputs);
        using BoundRun bound = session.Bind(inputs, outputs);
        using IDisposableReadOnlyCollection<OrtValue> values = bound.Values();
        return [.. values.Select(OutputReader.Read)];
    }

    /// <summary>Prepares runs on fixed inputs.</summary>
    /// <inheritdoc cref="Run"/>
    /// <returns>The runs; the session must live as long, and nobody may write to the inputs.</returns>
    public static BoundRun Bind(
        this InferenceSession session, IReadOnlyDictionary<string, OrtTensor> inputs,
        IReadOnlyList<string>? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(inputs);
        return new BoundRun(session, Defaults.Value, inputs, [.. outputs ?? session.OutputNames]);
    }
}
