using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Testing;

/// <summary>The version that the package brings, through its own C# API.</summary>
internal sealed class PackageRuntime : IOnnxRuntime
{
    public string Version => OrtRuntime.Version;

    public IOnnxSession Open(byte[] model, string? library = null, string? optimisedPath = null) => Do(() =>
    {
        using SessionOptions options = OrtRuntime.Options(threads: 1);
        if (library is not null)
        {
            options.RegisterCustomOpLibrary(library);
        }

        if (optimisedPath is not null)
        {
            options.OptimizedModelFilePath = optimisedPath;
        }

        return new Session(new InferenceSession(model, options));
    });

    private static T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OnnxRuntimeException exception)
        {
            throw new OnnxRuntimeFailure(exception.Message);
        }
    }

    private sealed class Session(InferenceSession session) : IOnnxSession
    {
        public IReadOnlyList<OrtTensor> Run(IReadOnlyDictionary<string, OrtTensor> inputs) =>
            Do(() => session.Run(inputs));

        public void Dispose() => session.Dispose();
    }
}
