using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tests.Conversion;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Restoring;

/// <summary>Documentation and metadata of nodes survive conversion and restoring.</summary>
public sealed class NodeRemarksTests
{
    private const int Size = 64;
    private static readonly string[] Operators = ["MatMul", "Add", "Gemm", "Relu"];

    [Fact]
    public void Convert_NodesWithRemarks_CarriesThemAndRestoresThem()
    {
        ModelBuilder builder = new ModelBuilder(irVersion: 10).Input("x", DataType.Float, 3, Size).Output("y")
            .Weight("W", DataType.Float, Size, Size)
            .Weight("V", DataType.Float, Size, Size)
            .Weight("b", DataType.Float, Size)
            .Node("MatMul", ["x", "W"], "h")
            .Node("Add", ["h", "b"], "s")
            .Node("Relu", ["s"], "r")
            .Node("Gemm", ["r", "V"], "y");
        foreach (NodeProto node in builder.Graph.Node)
        {
            node.DocString = $"doc of {node.OpType}";
            node.MetadataProps.Add(new StringStringEntryProto { Key = "path", Value = $"net.{node.OpType}" });
        }

        ConvertedModel converted = ConversionCheck.Converts(builder, 2);

        NodeProto[] ours = [.. converted.Model.Proto.Graph.Node.Where(node => node.Domain.Length > 0)];
        Assert.Equal(["doc of MatMul", "doc of Gemm"], ours.Select(node => node.DocString));
        Assert.Equal(
            ["net.MatMul", "net.Gemm"],
            ours.Select(node => node.MetadataProps.Single(entry => entry.Key == "path").Value));
        NodeProto[] restored = [.. ModelRestorer.Restore(converted.Model).Proto.Graph.Node];
        Assert.Equal(4, restored.Length);
        foreach (string type in Operators)
        {
            // A Gemm without bias is a MatMul when it is restored.
            NodeProto node = Assert.Single(restored, node => node.DocString == $"doc of {type}");
            StringStringEntryProto entry = Assert.Single(node.MetadataProps);
            Assert.Equal(("path", $"net.{type}"), (entry.Key, entry.Value));
            Assert.Equal(builder.Graph.Node.Single(before => before.OpType == type).Name, node.Name);
        }
    }
}
