using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>How answers are written.</summary>
internal static class WorkerReply
{
    /// <summary>With the numbers that JSON has no notation for, NaN and the infinities.</summary>
    public static JsonSerializerOptions Json { get; } =
        new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
}

/// <summary>A worker's answer: a result or a failure.</summary>
/// <typeparam name="T">The result's type.</typeparam>
/// <param name="Result">The result; null with a failure.</param>
/// <param name="Failure">The failure; null with a result.</param>
internal sealed record WorkerReply<T>(T? Result, WorkerFailure? Failure)
    where T : class;

/// <summary>An error in a worker.</summary>
/// <param name="Kind">Whose fault it is.</param>
/// <param name="Message">One sentence, or for a defect the exception's text.</param>
internal sealed record WorkerFailure(WorkerFailureKind Kind, string Message);

/// <summary>Whose fault an error is.</summary>
internal enum WorkerFailureKind
{
    /// <summary>A <see cref="Files.OnnxModelException"/>: a file.</summary>
    Model,

    /// <summary>A <see cref="UsageException"/>: what was asked for.</summary>
    Usage,

    /// <summary>Not enough memory.</summary>
    Memory,

    /// <summary>Anything else: ours.</summary>
    Defect,
}
