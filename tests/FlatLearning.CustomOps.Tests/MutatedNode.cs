using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Testing;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>One node changed at random, and what must come of it.</summary>
internal static class MutatedNode
{
    /// <summary>Opens and runs the node of a seed.</summary>
    /// <returns>True where it computed (and the result was right), false where it was refused.</returns>
    public static bool Run(int seed, IOnnxRuntime runtime)
    {
        Random random = new(seed);
        DynWeight original = WeightGenerator.Create(WeightGenerator.Draw(seed));
        NodeModel model = NodeModel.Of(original, Bias(random, original.Columns));
        long k = original.Rows;
        int changes = 1 + random.Next(3);
        for (int i = 0; i < changes; i++)
        {
            NodeMutations.Apply(model, random);
        }

        DynWeight? meant = Meaning(model, out double[]? bias);
        long width = random.Next(8) == 0 ? k + random.Next(-1, 2) : k;
        try
        {
            using IOnnxSession session = NativeHost.Open(model, runtime);
            OrtTensor x = Inputs.Random(seed, model.XType, 2, Math.Max(width, 0));
            Dictionary<string, OrtTensor> inputs = new() { ["x"] = x };
            foreach (int position in model.Fed.Where(model.Constants.ContainsKey))
            {
                inputs[NodeModel.InputName(position)] = model.Constants[position];
            }

            OrtTensor y = session.Run(inputs)[0];
            if (meant is null || model.Fed.Any(model.Constants.ContainsKey))
            {
                throw new InvalidOperationException($"seed {seed}: a node that breaks the specification was computed");
            }

            new ProductOracle(meant, bias).Check(x, y);
            return true;
        }
        catch (OnnxRuntimeFailure e)
        {
            if (e.Message.Contains("a defect of the operator library", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }

            return false;
        }
    }

    // What the node means by the same gate that inspection and restoring use; null where that refuses it.
    private static DynWeight? Meaning(NodeModel model, out double[]? bias)
    {
        bias = null;
        try
        {
            DynWeight weight = DynWeightReader.Read(
                WeightSchema.Attributes.Where(spec => model.Attributes.ContainsKey(spec.Name))
                    .Select(spec => Attribute(spec.Name, model.Attributes[spec.Name])),
                input => Constant(model, DynOperator.PositionOf(input)));
            if (model.Constants.TryGetValue(DynOperator.Bias, out OrtTensor? tensor))
            {
                bias = tensor.ToDoubles();
                bool shaped = tensor.Shape.Length == 1 && tensor.Shape[0] == weight.Columns;
                return shaped
                    && tensor.ElementType is TensorElementType.Float or TensorElementType.Float16
                        or TensorElementType.Double ? weight : null;
            }

            return weight;
        }
        catch (DynFormatException)
        {
            return null;
        }
    }

    private static DynAttribute Attribute(string name, object value) => value switch
    {
        long number => DynAttribute.Int(name, number),
        long[] numbers => DynAttribute.Ints(name, numbers),
        string text => DynAttribute.String(name, text),
        _ => throw new DynFormatException($"attribute {name} is a {value.GetType()}"),
    };

    private static ConstantTensor? Constant(NodeModel model, int position) =>
        model.Constants.TryGetValue(position, out OrtTensor? tensor)
        ? new ConstantTensor((TensorType)tensor.ElementType, tensor.Shape.ToArray(), tensor.Bytes.ToArray())
        : null;

    private static OrtTensor? Bias(Random random, int columns) =>
        random.Next(2) == 0 ? null : Inputs.Random(random.Next(), TensorElementType.Float, columns);
}
