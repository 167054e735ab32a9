using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class LayerNamesTests
{
    [Fact]
    public void Layers_OfConvertedOperators_ComeFirst()
    {
        ModelProto original = Chain("a", "b", "c");
        ModelProto converted = Chain("a", "b", "c");
        converted.Graph.Node[2].Domain = "ai.flatlearning";

        (string Name, NodeProto Node)[] layers = [.. LayerNames.Common(original, converted)];

        Assert.Equal(["c", "a", "b"], layers.Select(layer => layer.Name));
        Assert.Equal([true, false, false], layers.Select(layer => LayerNames.IsConverted(layer.Node)));
    }

    [Fact]
    public void Layers_ThatOneModelLacks_AreLeftOut()
    {
        Assert.Equal(
            ["a", "c"], LayerNames.Common(Chain("a", "b", "c"), Chain("a", "x", "c")).Select(layer => layer.Name));
    }

    [Fact]
    public void Layers_AreNoOutputsAndNoConstants()
    {
        ModelProto model = Chain("a", "b");
        model.Graph.Output.Add(new ValueInfoProto { Name = "b" });
        model.Graph.Node.Add(TestModels.Node("Constant", [], ["k"], TestModels.Int("value_int", 1)));

        Assert.Equal(["a"], LayerNames.Common(model, model).Select(layer => layer.Name));
    }

    /// <summary>y = Identity of each of the names in turn of x.</summary>
    private static ModelProto Chain(params string[] names)
    {
        ModelProto model = TestModels.Identity();
        model.Graph.Node.Clear();
        string[] values = ["x", .. names, "y"];
        for (int i = 1; i < values.Length; i++)
        {
            model.Graph.Node.Add(TestModels.Node("Identity", [values[i - 1]], [values[i]]));
        }

        return model;
    }
}
