using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

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
    /// <exception cref="NotSupportedException">An output is not a dense tensor of fixed-size elements.</exception>
    public static IReadOnlyList<OrtTensor> Run(
        this InferenceSession session, IReadOnlyDictionary<string, OrtTensor> inputs,
        IReadOnlyList<string>? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(inputs);
        outputs ??= session.OutputNames;
        using BoundRun bound = session.Bind(inputs, outputs);
        using IDisposableReadOnlyCollection<OrtValue> values = bound.Values();
        return [.. values.Select((value, i) => Copy(value, outputs[i]))];
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

    private static OrtTensor Copy(OrtValue value, string name)
    {
        if (!value.IsTensor)
        {
            throw new NotSupportedException(
                $"Output '{name}' is not a dense tensor; only dense tensors can be read here.");
        }

        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        TensorElementType type = info.ElementDataType;
        return type.BitsPerElement() == 0
            ? throw new NotSupportedException(
                $"Output '{name}' has elements of type {type.OnnxName()}, which cannot be read here.")
            : OrtTensor.FromBytes(type, value.GetTensorMutableRawData(), info.Shape);
    }
}
