using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Sensitivity;

/// <summary>Measures how far models are from the original at their floating-point outputs, by running them.</summary>
internal interface IOutputMeter : IDisposable
{
    /// <summary>
    /// The signal-to-noise ratio of the worst output in dB: infinite where nothing differs, NaN where something is not
    /// finite.
    /// </summary>
    /// <param name="plain">A model of standard operators with the original's inputs and outputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    double WorstSnr(OnnxModel plain, CancellationToken cancellation);
}
