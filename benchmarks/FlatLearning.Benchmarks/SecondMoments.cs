using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Benchmarks;

/// <summary>E[x xᵀ] of what multiplies a weight, from runs of the model on made-up inputs or samples.</summary>
internal static class SecondMoments
{
    /// <summary>
    /// H, row-major [K, K], of a weight's first product; null where its input is no output of a node of the main
    /// graph.
    /// </summary>
    public static double[]? Of(string path, MatrixWeight weight, int samples, string? inputs)
    {
        OnnxModel model = OnnxModelFile.Load(path);
        NodeProto? node = model.Proto.Graph.Node.FirstOrDefault(
            node => ConvertibleOperators.ProductOf(node) is not null && Reads(model.Proto.Graph, node, weight.Name));
        if (node is null)
        {
            return null;
        }

        string name = node.Input[0];
        bool given = model.Proto.Graph.Input.Any(input => input.Name == name);
        if (!given && model.Proto.Graph.Output.All(output => output.Name != name))
        {
            model.Proto.Graph.Output.Add(new ValueInfoProto { Name = name });
        }

        using ModelRunner runner = ModelRunner.Open(Google.Protobuf.MessageExtensions.ToByteArray(model.Proto), path);
        InputSource source = inputs is null
            ? new SyntheticInputSource(model) { Limit = samples }
            : InputSources.Open(inputs, samples);
        double[] h = new double[weight.Rows * weight.Rows];
        foreach (ComparisonSample sample in source.Prepare(runner).Samples)
        {
            OrtTensor tensor = given ? sample.Inputs[name] : runner.Run(sample.Inputs, [name])[name];
            Add(tensor.AsSpan<float>(), weight.Rows, h);
        }

        return h;
    }

    private static bool Reads(GraphProto graph, NodeProto node, string weight)
    {
        string name = node.Input[1];
        while (name != weight
            && graph.Node.FirstOrDefault(n => n.Output.Contains(name)) is { OpType: "Identity" or "Transpose" } source)
        {
            name = source.Input[0];
        }

        return name == weight;
    }

    private static void Add(ReadOnlySpan<float> x, int rows, double[] h)
    {
        for (int m = 0; m + rows <= x.Length; m += rows)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < rows && x[m + i] != 0; j++)
                {
                    h[(i * rows) + j] += (double)x[m + i] * x[m + j];
                }
            }
        }
    }
}
