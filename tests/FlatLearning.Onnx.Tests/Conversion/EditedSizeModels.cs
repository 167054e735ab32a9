using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Models in which a conversion changes something in every place that it can.</summary>
internal static class EditedSizeModels
{
    private const int Size = 56;

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "biases", "left operands", "element types", "chains", "shared", "branches", "outer weight", "loop", "function",
        "old inputs", "text", "dense", "dense branches", "values", "optional inputs",
    ];

    /// <summary>One of them.</summary>
    public static OnnxModel Create(string name) => name switch
    {
        "biases" => Biases().Model,
        "left operands" => LeftOperands().Model,
        "element types" => ElementTypes().Model,
        "chains" => Chains().Model,
        "shared" => Shared().Model,
        "branches" => If(builder => builder.Tensor("W", DataType.Float, Size, Size)).Model,
        "outer weight" => If(_ => null).Weight("W", DataType.Float, Size, Size).Model,
        "loop" => Loop().Model,
        "function" => Function().Model,
        "old inputs" => OldInputs().Model,
        "text" => Text(),
        "dense" => Dense().Model,
        "dense branches" => If(builder => builder.Tensor("W", DataType.Float, 2, Size, Size), "MatMul").Model,
        "values" => Values().Model,
        "optional inputs" => OptionalInputs().Model,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>A model of so many bytes of documentation in a branch around its weight.</summary>
    public static OnnxModel Padded(int padding)
    {
        ModelBuilder builder = If(builder => builder.Tensor("W", DataType.Float, Size, Size));
        builder.Graph.Node[0].Attribute[0].G.DocString = new string('d', padding);
        return builder.Model;
    }

    /// <summary>A model with external data beside it: weights, and tensors that stay.</summary>
    public static void WriteExternal(string path)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        for (int layer = 0; layer < 3; layer++)
        {
            builder.Weight($"W{layer}", DataType.Float, Size, Size)
                .Weight($"kept{layer}", DataType.Float, Size, Size)
                .Node("MatMul", [layer == 0 ? "x" : $"s{layer - 1}", $"W{layer}"], $"m{layer}")
                .Node("Gather", [$"kept{layer}", "rows"], $"k{layer}")
                .Node("Add", [$"m{layer}", $"k{layer}"], layer == 2 ? "y" : $"s{layer}");
        }

        builder.Integers("rows", 0, 1, 2);
        OnnxModelFile.Save(
            builder.Model, path, new SaveOptions { ExternalData = ExternalDataPolicy.SideFile });
    }

    private static ModelBuilder Biases() => new ModelBuilder()
        .Input("x", DataType.Float, 3, Size)
        .Output("y")
        .Weight("W", DataType.Float, Size, Size)
        .Weight("V", DataType.Float, Size, Size)
        .Weight("U", DataType.Float, Size, Size)
        .Weight("c", DataType.Float, 3, Size)
        .Weight("one", DataType.Float)
        .Weight("b", DataType.Float, Size)
        .Node("Gemm", ["x", "W", "c"], "p", new AttributeProto
        {
            Name = "beta", Type = AttributeProto.Types.AttributeType.Float, F = 0.5f,
        })
        .Node("Gemm", ["p", "V", "one"], "q", TestModels.Int("transB", 1))
        .Node("MatMul", ["q", "U"], "r")
        .Node("Add", ["b", "r"], "y");

    private static ModelBuilder Dense() => new ModelBuilder(9)
        .Input("x", DataType.Float, 1, 64, 5, 5)
        .Output("y")
        .Weight("large", DataType.Float, 256, 64, 3, 3)
        .Weight("V", DataType.Float, 16, 256, 1, 1)
        .Weight("W", DataType.Float, 50, 16, 1, 1)
        .Node("Conv", ["x", "large"], "a")
        .Node("Conv", ["a", "V"], "b")
        .Node("Conv", ["b", "W"], "y");

    private static ModelBuilder Values() => new ModelBuilder()
        .Input("x", DataType.Float, 3, Size)
        .Output("y")
        .Weight("W", DataType.Float, Size, Size)
        .Weight("p", DataType.Float, 20, 3, Size)
        .Weight("q", DataType.Float, 20, 3, Size)
        .Node("MatMul", ["x", "W"], "a")
        .Node("Add", ["a", "p"], "b")
        .Node("Mul", ["b", "q"], "y");

    private static ModelBuilder OptionalInputs()
    {
        ModelBuilder builder = new ModelBuilder()
            .Input("x", DataType.Float, 3, Size)
            .Output("y")
            .Weight("W", DataType.Float, Size, Size)
            .Weight("too small", DataType.Float, 2, Size)
            .Weight("V", DataType.Float, 16, Size)
            .Integers("rows", 1)
            .Node("Gather", ["too small", "rows"], "a")
            .Node("Gather", ["V", "rows"], "b")
            .Node("Sum", ["x", "a", "b"], "c")
            .Node("MatMul", ["c", "W"], "y");
        builder.Graph.Input.Insert(0, TestModels.Value("W", DataType.Float, Size, Size));
        builder.Graph.Input.Insert(0, TestModels.Value("too small", DataType.Float, 2, Size));
        builder.Graph.Input.Add(TestModels.Value("V", DataType.Float, 16, Size));
        return builder;
    }

    private static ModelBuilder LeftOperands() => new ModelBuilder()
        .Input("x", DataType.Float, Size, 3)
        .Output("y")
        .Weight("W", DataType.Float, Size, Size)
        .Weight("V", DataType.Float, Size, Size)
        .Weight("c", DataType.Float, 3)
        .Node("MatMul", ["W", "x"], "m")
        .Node("Gemm", ["V", "m", "c"], "y", TestModels.Int("transA", 1));

    private static ModelBuilder ElementTypes()
    {
        ModelBuilder builder = new();
        foreach (DataType type in (DataType[])[DataType.Float16, DataType.Double, DataType.Bfloat16])
        {
            builder.Input($"x{type}", type, 3, Size)
                .Output($"y{type}", type)
                .Weight($"W{type}", type, Size, Size)
                .Node("MatMul", [$"x{type}", $"W{type}"], $"y{type}");
        }

        return builder;
    }

    private static ModelBuilder Chains()
    {
        ModelBuilder builder = new ModelBuilder()
            .Input("x", DataType.Float, 3, Size)
            .Output("y")
            .Weight("W", DataType.Float, Size, Size)
            .Weight("H", DataType.Float16, Size, Size)
            .Weight("c", DataType.Float16, Size)
            .Integers("shape", Size, Size)
            .Node("Transpose", ["W"], "t", TestModels.Ints("perm", 1, 0))
            .Node("Reshape", ["t", "shape"], "r")
            .Node("Cast", ["H"], "f", TestModels.Int("to", (long)DataType.Float))
            .Node("Cast", ["c"], "d", TestModels.Int("to", (long)DataType.Float))
            .Node("MatMul", ["x", "r"], "m")
            .Node("Gemm", ["m", "f", "d"], "y");
        return builder;
    }

    private static ModelBuilder Shared() => new ModelBuilder()
        .Input("x", DataType.Float, 3, Size)
        .Output("y")
        .Output("W")
        .Weight("V", DataType.Float, Size, Size)
        .Weight("W", DataType.Float, Size, Size)
        .Weight("same", DataType.Float, Size, Size)
        .Node("MatMul", ["x", "V"], "a")
        .Node("MatMul", ["a", "V"], "b")
        .Node("MatMul", ["b", "W"], "c")
        .Node("MatMul", ["c", "same"], "y");

    private static ModelBuilder If(Func<ModelBuilder, TensorProto?> weight, string product = "Gemm")
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        builder.Graph.Input.Add(TestModels.Value("c", DataType.Bool));
        builder.Graph.Node.Add(TestModels.Node(
            "If", ["c"], ["y"], TestModels.Graph("then_branch", Branch(builder, "t", weight(builder), product)),
            TestModels.Graph("else_branch", Branch(builder, "e", weight(builder), product))));
        return builder;
    }

    private static GraphProto Branch(
        ModelBuilder builder, string prefix, TensorProto? weight, string product = "Gemm")
    {
        GraphProto branch = new() { Name = prefix };
        branch.Initializer.Add(builder.Tensor("b", DataType.Float, Size));
        if (weight is not null)
        {
            branch.Initializer.Add(weight);
        }

        branch.Node.Add(TestModels.Node(product, product == "Gemm" ? ["x", "W", "b"] : ["x", "W"], [prefix]));
        branch.Output.Add(ModelBuilder.Value(prefix, DataType.Float));
        return branch;
    }

    private static ModelBuilder Loop()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        builder.Graph.Initializer.Add(TensorWriter.Int64("trips", [], [3]));
        builder.Graph.Initializer.Add(TensorWriter.Raw("go", DataType.Bool, [], [1]));
        GraphProto body = new() { Name = "body" };
        body.Input.Add(
            [
                TestModels.Value("i", DataType.Int64),
                TestModels.Value("on", DataType.Bool),
                ModelBuilder.Value("h", DataType.Float)]);
        body.Initializer.Add(builder.Tensor("W", DataType.Float, Size, Size));
        GraphProto inner = Branch(builder, "n", builder.Tensor("V", DataType.Float, Size, Size));
        inner.Node[0].Input[0] = "m";
        inner.Node[0].Input[1] = "V";
        body.Node.Add(
            [
                TestModels.Node("MatMul", ["h", "W"], ["m"]),
                TestModels.Node(
                    "If", ["on"], ["o"], TestModels.Graph("then_branch", inner),
                    TestModels.Graph("else_branch", inner.Clone())),
                TestModels.Node("Identity", ["on"], ["still"])]);
        body.Output.Add([TestModels.Value("still", DataType.Bool), ModelBuilder.Value("o", DataType.Float)]);
        builder.Graph.Node.Add(TestModels.Node("Loop", ["trips", "go", "x"], ["y"], TestModels.Graph("body", body)));
        return builder;
    }

    private static ModelBuilder Function()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        FunctionProto function = new() { Domain = "own", Name = "Layer", Input = { "p" }, Output = { "g" } };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 17 });
        foreach (string constant in (string[])["W", "b"])
        {
            TensorProto tensor = constant == "W"
                ? builder.Tensor(string.Empty, DataType.Float, Size, Size)
                : builder.Tensor(string.Empty, DataType.Float, Size);
            function.Node.Add(TestModels.Node("Constant", [], [constant], TestModels.Tensor("value", tensor)));
        }

        function.Node.Add(TestModels.Node("Gemm", ["p", "W", "b"], ["g"], TestModels.Int("transB", 1)));
        builder.Functions.Add(function);
        builder.Domains.Add("own");
        NodeProto call = TestModels.Node("Layer", ["x"], ["y"]);
        call.Domain = "own";
        builder.Graph.Node.Add(call);
        return builder;
    }

    private static ModelBuilder OldInputs()
    {
        ModelBuilder builder = new ModelBuilder(irVersion: 3)
            .Input("x", DataType.Float, 3, Size)
            .Output("y")
            .Weight("W", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "y");
        builder.Graph.Input.Add(TestModels.Value("W", DataType.Float, Size, Size));
        return builder;
    }

    /// <summary>A model with a name that is no UTF-8.</summary>
    private static OnnxModel Text()
    {
        string name = FlatLearning.Onnx.Wire.RawText.Of([(byte)'W', 0xe9, 0xff]);
        ModelBuilder builder = new ModelBuilder()
            .Input("x", DataType.Float, 3, Size)
            .Output("y")
            .Weight(name, DataType.Float, Size, Size)
            .Node("MatMul", ["x", name], "y");
        return new OnnxModel(builder.Proto) { HasRawText = true };
    }
}
