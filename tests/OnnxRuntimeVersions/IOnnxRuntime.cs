using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Testing;

/// <summary>A version of ONNX Runtime.</summary>
internal interface IOnnxRuntime
{
    /// <summary>For example <c>1.17.3</c>.</summary>
    string Version { get; }

    /// <summary>Opens a model from the bytes of its file, to run on one thread.</summary>
    /// <param name="model">The bytes.</param>
    /// <param name="library">A custom-operator library to register, or null.</param>
    /// <param name="optimisedPath">Where to write the optimised graph, or null for nowhere.</param>
    /// <exception cref="OnnxRuntimeFailure">The model or the library is refused.</exception>
    IOnnxSession Open(byte[] model, string? library = null, string? optimisedPath = null);
}

/// <summary>A loaded model.</summary>
internal interface IOnnxSession : IDisposable
{
    /// <summary>All outputs, in the model's order.</summary>
    /// <exception cref="OnnxRuntimeFailure">The run failed.</exception>
    IReadOnlyList<OrtTensor> Run(IReadOnlyDictionary<string, OrtTensor> inputs);
}

/// <summary>An error that a version of ONNX Runtime reported.</summary>
internal sealed class OnnxRuntimeFailure(string message) : Exception(message);
