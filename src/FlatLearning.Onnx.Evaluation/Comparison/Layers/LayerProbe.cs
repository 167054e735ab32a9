using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Wire;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Compares intermediate values, by running copies of both models that have them as outputs. The copies are in memory
/// only; external data is read from the models' folders. Making a value an output keeps ONNX Runtime from fusing it
/// away, so rounding may differ from the plain run's.
/// </summary>
internal sealed class LayerProbe : IDisposable
{
    private readonly ModelRunner _original;
    private readonly ModelRunner _converted;
    private readonly (OutputStatistics Statistics, NodeProto Node)[] _layers;

    public LayerProbe(OnnxModel original, OnnxModel converted, RunnerOptions options)
    {
        IReadOnlyList<(string Name, NodeProto Node)> common = LayerNames.Common(original.Proto, converted.Proto);
        string[] names = [.. common.Select(pair => pair.Name)];
        _original = ProbedModel.Open(original, names, options);
        try
        {
            _converted = ProbedModel.Open(converted, names, options);
        }
        catch
        {
            _original.Dispose();
            throw;
        }

        HashSet<string> floats = FloatOutputs(_original);
        floats.IntersectWith(FloatOutputs(_converted));
        _layers = [
            .. common.Where(pair => floats.Contains(RawText.Shown(pair.Name)))
                .Select(pair => (new OutputStatistics(pair.Name), pair.Node))];
    }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<LayerReport> Reports =>
    [
        .. _layers.Select(layer => new LayerReport(
            layer.Statistics.Name,
            layer.Node.OpType,
            LayerNames.IsConverted(layer.Node),
            OutputReport.Finite(layer.Statistics.RelativeL2),
            OutputReport.Finite(layer.Statistics.SnrDb),
            layer.Statistics.Introduced)),
    ];

    /// <summary>Runs both copies on one sample.</summary>
    public void Add(ComparisonSample sample)
    {
        if (_layers.Length == 0)
        {
            return;
        }

        string[] names = [.. _layers.Select(layer => layer.Statistics.Name)];
        IReadOnlyDictionary<string, OrtTensor> original = _original.Run(sample.Inputs, names);
        IReadOnlyDictionary<string, OrtTensor> converted = _converted.Run(sample.Inputs, names);
        foreach ((OutputStatistics statistics, _) in _layers)
        {
            statistics.Add(original[statistics.Name], converted[statistics.Name]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _original.Dispose();
        _converted.Dispose();
    }

    private static HashSet<string> FloatOutputs(ModelRunner runner) =>
        [.. runner.Outputs.Where(
            output => output.IsTensor && TensorNumbers.IsFloat(output.ElementType))
                .Select(output => output.Name)];
}
