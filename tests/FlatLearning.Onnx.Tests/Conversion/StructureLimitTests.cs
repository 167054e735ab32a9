using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>
/// A model can hold 31 function bodies. In operator sets 10 and 11 a padded metric needs one for each shape, so a model
/// of more shapes cannot be wholly portable; it must say so and refuse to load without the library, never compute
/// something else.
/// </summary>
public sealed class StructureLimitTests
{
    private const int Bodies = 31;
    private const int First = 33;

    [Fact]
    public void Convert_AsManyStructuresAsBodies_IsPortable() =>
        ConversionCheck.Agrees(Chain(Bodies).Proto, Convert(Bodies), Chain(Bodies).Feeds, loss: 10);

    [Fact]
    public void Convert_MoreStructuresThanBodies_NeedsTheLibraryAndSaysSo()
    {
        const int Layers = Bodies + 3;

        ConvertedModel converted = Convert(Layers);

        Assert.False(converted.Portable, "three nodes have no function");
        Assert.Contains(
            converted.Notes,
            note => note.Contains("library", StringComparison.Ordinal)
                && note.Contains("1 nodes", StringComparison.Ordinal));
        ModelProto model = converted.Model.Proto;
        HashSet<string> functions = [.. model.Functions.Select(function => function.Name)];
        Assert.Equal(Bodies, functions.Count);
        Assert.Equal(
            Layers - Bodies,
            model.Graph.Node.Count(node => node.Domain == "ai.flatlearning" && !functions.Contains(node.OpType)));
        Dictionary<string, OrtTensor> feeds = Chain(Layers).Feeds;
        ConversionCheck.Near(
            "library and restored", OrtRun.WithLibrary(model, feeds),
            OrtRun.Alone(ModelRestorer.Restore(converted.Model).Proto, feeds), ConversionCheck.RoundingTolerance);
        Assert.Contains(
            "DynMatMul",
            Assert.Throws<OnnxRuntimeException>(() => OrtRun.Alone(model, feeds)).Message,
            StringComparison.Ordinal);
    }

    private static ConvertedModel Convert(int layers) => ConversionCheck.Convert(
        Chain(layers),
        layers,
        ConversionCheck.Options
            with {
                Plan = new DynPlan(MetricKinds.DynL1) { StateDim = 4, StateBits = 4, Heads = 1, Seconds = 0.01 } });

    /// <summary>Products of 33 x 34, 34 x 35 and so on.</summary>
    private static ModelBuilder Chain(int layers)
    {
        ModelBuilder builder = new ModelBuilder(10, 4).Input("h0", DataType.Float, 3, First);
        for (int layer = 0; layer < layers; layer++)
        {
            builder.Weight($"W{layer}", DataType.Float, First + layer, First + layer + 1)
                .Node("MatMul", [$"h{layer}", $"W{layer}"], $"h{layer + 1}");
        }

        return builder.Output($"h{layers}");
    }
}
