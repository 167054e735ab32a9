using System.Text.RegularExpressions;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Initializers that a caller may replace: a weight becomes a constant, nothing else does.</summary>
public sealed class OptionalInputTests
{
    private const int Size = 64;

    [Fact]
    public void Convert_OptionalWeightStateAndBias_OnlyTheWeightIsTakenFromTheCaller()
    {
        // A recurrent step y = x Wx + h Wh + b, where h and b have a default.
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, Size, Size).Output("y")
            .Weight("h", DataType.Float, Size, Size)
            .Weight("b", DataType.Float, Size)
            .Weight("Wx", DataType.Float, Size, Size)
            .Weight("Wh", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "Wx"], "a")
            .Node("MatMul", ["h", "Wh"], "c")
            .Node("Add", ["a", "c"], "s")
            .Node("Add", ["s", "b"], "y");
        foreach (string name in (string[])["h", "b", "Wx"])
        {
            long[] dims = [.. builder.Graph.Initializer.Single(tensor => tensor.Name == name).Dims];
            builder.Graph.Input.Add(TestModels.Value(name, DataType.Float, dims));
        }

        ConvertedModel converted = ConversionCheck.Converts(builder, 2);

        GraphProto graph = converted.Model.Proto.Graph;
        Assert.Equal(["x", "h", "b"], graph.Input.Select(input => input.Name));
        Assert.Equal(
            ["b", "h"], graph.Initializer.Select(tensor => tensor.Name).Where(name => name.Length == 1).Order());
        Assert.Contains(converted.Notes, note => note.Contains("1 weights were listed as graph inputs"));
        Assert.Equal(["x", "h"], graph.Node.Where(node => node.Domain.Length > 0).Select(node => node.Input[0]));
        AssertRestores(builder.Proto, converted);
    }

    [Fact]
    public void Restore_WeightsOfEveryKindThatACallerCouldReplace_AreInputsAtTheirPlaces()
    {
        // Multiplied as stored, transposed by its operator, dense alone, dense with others, and a name that is no text.
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, Size, Size).Output("y").Output("d")
            .Weight("product", DataType.Float, Size, Size)
            .Weight("turned", DataType.Float, 2 * Size, Size)
            .Weight("small", DataType.Float, 5, Size)
            .Weight("alone", DataType.Float, 3000, Size)
            .Weight("bundled", DataType.Float, 3, 16, Size)
            .Weight("raw\U0010fee9", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "product"], "a")
            .Node("MatMul", ["a", "raw\U0010fee9"], "b")
            .Node("Gemm", ["b", "turned"], "c", NodeFactory.Int("transB", 1))
            .Node("Gather", ["alone", "rows"], "d")
            .Node("Gather", ["bundled", "rows"], "e")
            .Node("Gather", ["small", "rows"], "f")
            .Node("ReduceSum", ["e"], "g", NodeFactory.Int("keepdims", 0))
            .Node("ReduceSum", ["f"], "s", NodeFactory.Int("keepdims", 0))
            .Node("Sum", ["c", "g", "s"], "y")
            .Integers("rows", 2, 0);
        string[] optional = ["product", "turned", "small", "alone", "bundled", "raw\U0010fee9"];
        for (int i = 0; i < optional.Length; i++)
        {
            long[] dims = [.. builder.Graph.Initializer.Single(tensor => tensor.Name == optional[i]).Dims];
            builder.Graph.Input.Insert(i % 2 == 0 ? 0 : builder.Graph.Input.Count,
                TestModels.Value(optional[i], DataType.Float, dims));
        }

        ConvertedModel converted = ConversionCheck.Convert(builder, 5);

        Assert.Equal(["x"], converted.Model.Proto.Graph.Input.Select(input => input.Name).Except(["small"]));
        Assert.Contains("small", converted.Model.Proto.Graph.Input.Select(input => input.Name));
        Assert.Contains(converted.Notes, note => note.Contains("5 weights were listed as graph inputs"));
        AssertRestores(builder.Proto, converted);
    }

    [Fact]
    public void Convert_OptionalInputsOfWeightsThatStay_StayWhereTheyWere()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, Size, Size).Output("y")
            .Weight("first", DataType.Float, Size, Size)
            .Weight("second", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "first"], "a")
            .Node("MatMul", ["a", "second"], "y");
        builder.Graph.Input.Insert(0, TestModels.Value("first", DataType.Float, Size, Size));
        builder.Graph.Input.Add(TestModels.Value("second", DataType.Float, Size, Size));
        ConvertOptions options = ConversionCheck.Options with { Exclude = new Regex("first") };

        ConvertedModel one = ConversionCheck.Convert(builder, 1, options);
        ConvertedModel none = ConversionCheck.Convert(builder, 0, options with { Exclude = new Regex("first|second") });

        Assert.Equal(["first", "x"], one.Model.Proto.Graph.Input.Select(input => input.Name));
        Assert.Equal(["first", "x", "second"], none.Model.Proto.Graph.Input.Select(input => input.Name));
        AssertRestores(builder.Proto, one);
    }

    [Fact]
    public void Restore_DamagedListOfInputs_IsAsWithoutOne()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, Size, Size).Output("y")
            .Weight("w", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "w"], "y");
        builder.Graph.Input.Add(TestModels.Value("w", DataType.Float, Size, Size));
        ConvertedModel converted = ConversionCheck.Convert(builder, 1);
        StringStringEntryProto listed = converted.Model.Proto.MetadataProps.Single(
            entry => entry.Key == ConversionMetadata.InputsKey);

        foreach (string damage in (string[])[
            "", "{", "[[0]]", "[[0,\"?\"]]", "[[-1,\"\"]]", "[[0,\"AAAA\"]]", "[[5,\"\"]]"])
        {
            listed.Value = damage;

            Assert.Equal(["x"], ModelRestorer.Restore(converted.Model).Proto.Graph.Input.Select(input => input.Name));
        }
    }

    private static void AssertRestores(ModelProto original, ConvertedModel converted)
    {
        GraphProto restored = ModelRestorer.Restore(converted.Model).Proto.Graph;
        Assert.Equal(
            original.Graph.Input.Select(input => input.Name), restored.Input.Select(input => input.Name));
        foreach (ValueInfoProto input in restored.Input)
        {
            TensorProto? tensor = restored.Initializer.FirstOrDefault(tensor => tensor.Name == input.Name);
            Assert.Equal(
                tensor?.Dims.AsEnumerable() ?? input.Type.TensorType.Shape.Dim.Select(dim => dim.DimValue),
                input.Type.TensorType.Shape.Dim.Select(dim => dim.DimValue));
        }
    }
}
