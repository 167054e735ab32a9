using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Planning;

/// <summary>Looks for the plan that meets a target, one class for each kind of target.</summary>
internal interface ITargetSearch
{
    /// <summary>Plans, and carries the plan out.</summary>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The model, with a report on how the target was met.</returns>
    ConvertedModel Run(IProgress<double>? progress, CancellationToken cancellation);
}
