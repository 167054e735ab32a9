using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Cli.Tests.Support;

/// <summary>Networks made in memory that convert in a blink, or take as long as a test needs.</summary>
internal static class Networks
{
    public const string FirstWeight = "W1";
    public const string SecondWeight = "W2";
    public const int Width = 64;
    public const int Classes = 48;

    /// <summary>y = Gemm(Relu(x W1), W2, b): 4,096 and 3,072 weights, about 29 kB.</summary>
    public static ModelProto Small()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("x", DataType.Float, 1, Width));
        graph.Output.Add(TestModels.Value("y", DataType.Float, 1, Classes));
        graph.Initializer.Add(TensorWriter.Float32(FirstWeight, [Width, Width], Normal(Width * Width, 1)));
        graph.Initializer.Add(TensorWriter.Float32(SecondWeight, [Width, Classes], Normal(Width * Classes, 2)));
        graph.Initializer.Add(TensorWriter.Float32("b", [Classes], Normal(Classes, 3)));
        graph.Node.Add(TestModels.Node("MatMul", ["x", FirstWeight], ["h"]));
        graph.Node.Add(TestModels.Node("Relu", ["h"], ["r"]));
        graph.Node.Add(TestModels.Node("Gemm", ["r", SecondWeight, "b"], ["y"]));
        return TestModels.Model(graph);
    }

    /// <summary>
    /// y = LayerNormalization(x W1) with a bias of an empty name, on which ONNX Runtime 1.31 crashes while it loads it.
    /// </summary>
    public static ModelProto Crashing()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("x", DataType.Float, 1, Width));
        graph.Output.Add(TestModels.Value("y", DataType.Float, 1, Width));
        graph.Initializer.Add(TensorWriter.Float32(FirstWeight, [Width, Width], Normal(Width * Width, 1)));
        graph.Initializer.Add(TensorWriter.Float32("scale", [Width], Normal(Width, 2)));
        graph.Node.Add(TestModels.Node("MatMul", ["x", FirstWeight], ["h"]));
        graph.Node.Add(TestModels.Node("LayerNormalization", ["h", "scale", string.Empty], ["y"]));
        return TestModels.Model(graph);
    }

    /// <summary>A chain of square products, each with a weight of its own.</summary>
    public static ModelProto Chain(int layers, int width)
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("v0", DataType.Float, 1, width));
        graph.Output.Add(TestModels.Value($"v{layers}", DataType.Float, 1, width));
        for (int layer = 0; layer < layers; layer++)
        {
            graph.Initializer.Add(TensorWriter.Float32($"W{layer}", [width, width], Normal(width * width, layer)));
            graph.Node.Add(TestModels.Node("MatMul", [$"v{layer}", $"W{layer}"], [$"v{layer + 1}"]));
        }

        return TestModels.Model(graph);
    }

    /// <summary>
    /// The small network with its weights in <see cref="GoodModels.SideFile"/>, whose bytes are returned.
    /// </summary>
    public static (ModelProto Model, byte[] SideFile) WithExternalData()
    {
        ModelProto model = Small();
        List<byte> side = [];
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            byte[] bytes = tensor.RawData.ToByteArray();
            tensor.ClearRawData();
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(Entry("location", GoodModels.SideFile));
            tensor.ExternalData.Add(Entry("offset", $"{side.Count}"));
            tensor.ExternalData.Add(Entry("length", $"{bytes.Length}"));
            side.AddRange(bytes);
        }

        return (model, [.. side]);
    }

    /// <summary>An initializer by name.</summary>
    public static TensorProto Weight(this ModelProto model, string name) =>
        model.Graph.Initializer.Single(tensor => tensor.Name == name);

    /// <summary>Writes a model into a folder and returns the file's path.</summary>
    public static string Write(this TemporaryFolder folder, string name, ModelProto model)
    {
        File.WriteAllBytes(folder[name], TestModels.Bytes(model));
        return folder[name];
    }

    private static float[] Normal(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
            (float)(0.1 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
