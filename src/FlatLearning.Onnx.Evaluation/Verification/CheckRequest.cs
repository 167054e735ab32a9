using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Verification;

/// <summary>
/// Open a session of a model, once, to see that ONNX Runtime loads it. In a process of its own, as
/// <see cref="VerifyRequest"/>. Answered by a <see cref="CheckReply"/>.
/// </summary>
/// <param name="Model">The file.</param>
/// <param name="Library">The custom-operator library to register; null for none.</param>
internal sealed record CheckRequest(string Model, string? Library) : WorkerRequest
{
    /// <summary>Does it.</summary>
    public CheckReply Run()
    {
        try
        {
            ModelRunner.Open(Model, new RunnerOptions { CustomOpsLibrary = Library }).Dispose();
            return new CheckReply(null);
        }
        catch (OnnxModelException exception)
        {
            return new CheckReply(exception.Message);
        }
    }
}

/// <summary>Whether a model loads.</summary>
/// <param name="Failure">ONNX Runtime's words where it does not; else null.</param>
internal sealed record CheckReply(string? Failure);
