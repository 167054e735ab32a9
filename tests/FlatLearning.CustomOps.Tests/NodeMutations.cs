using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>Random changes to a node: attributes, constants, types, shapes, contents.</summary>
internal static class NodeMutations
{
    private static readonly long[] Numbers = [
        -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 255, 4096, 4097, 65537, int.MaxValue, long.MaxValue, long.MinValue];

    private static readonly TensorElementType[] Types =
    [
        TensorElementType.Float, TensorElementType.Float16, TensorElementType.Double, TensorElementType.BFloat16,
        TensorElementType.UInt8,
        TensorElementType.Int8, TensorElementType.Int32, TensorElementType.Int64, TensorElementType.Bool,
        TensorElementType.UInt16,
    ];

    public static void Apply(NodeModel model, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                ChangeNumber(model, random);
                break;
            case 1:
                model.Attributes.Remove(AnyAttribute(model, random));
                break;
            case 2:
                model.Attributes[AnyAttribute(model, random)] = AnyValue(random);
                break;
            case 3:
                model.Constants.Remove(AnyConstant(model, random));
                break;
            case 4:
                Retype(model, random);
                break;
            case 5:
                Reshape(model, random);
                break;
            case 6:
                Resize(model, random);
                break;
            case 7:
                Scribble(model, random);
                break;
            case 8:
                Swap(model, random);
                break;
            default:
                ChangeX(model, random);
                break;
        }
    }

    private static void ChangeNumber(NodeModel model, Random random)
    {
        string name = AnyAttribute(model, random);
        if (!model.Attributes.ContainsKey(name))
        {
            return;
        }

        long number = random.Next(3) == 0 ? Numbers[random.Next(Numbers.Length)] : random.Next(-1, 20);
        if (model.Attributes[name] is long[] list && list.Length > 0)
        {
            long[] copy = [.. list];
            copy[random.Next(copy.Length)] = random.Next(2) == 0 ? number : copy[0] + random.Next(-1, 2);
            model.Attributes[name] = copy;
        }
        else if (model.Attributes[name] is long)
        {
            model.Attributes[name] = number;
        }
        else
        {
            model.Attributes[name] = random.Next(5) switch { 0 =>
                "riem", 1 => "dyn-l1", 2 => "dyn-l2", 3 => "dyn-inverse-l2", _ => "none" };
        }
    }

    private static object AnyValue(Random random) => random.Next(6) switch
    {
        0 => (float)random.NextDouble(),
        1 => "text",
        2 => new[] { 1L, 2L, 3L },
        3 => new[] { 1f, 2f },
        4 => OrtTensor.Create<float>([1, 2], 2),
        _ => long.MaxValue,
    };

    private static void Retype(NodeModel model, Random random)
    {
        if (model.Constants.Count > 0)
        {
            int position = AnyConstant(model, random);
            OrtTensor old = model.Constants[position];
            model.Constants[position] = OrtTensor.Allocate(Types[random.Next(Types.Length)], old.Shape);
        }
    }

    // Same number of bytes, other dimensions.
    private static void Reshape(NodeModel model, Random random)
    {
        if (model.Constants.Count > 0)
        {
            int position = AnyConstant(model, random);
            OrtTensor old = model.Constants[position];
            long count = old.ElementCount;
            long[] shape = random.Next(4) switch { 0 =>
                [count], 1 => [1, count], 2 => [count, 1, 1], _ => [.. old.Shape.ToArray().Reverse()] };
            model.Constants[position] = OrtTensor.FromBytes(old.ElementType, old.Bytes, shape);
        }
    }

    private static void Resize(NodeModel model, Random random)
    {
        if (model.Constants.Count > 0)
        {
            int position = AnyConstant(model, random);
            OrtTensor old = model.Constants[position];
            long[] shape = old.Shape.ToArray();
            if (shape.Length > 0)
            {
                int axis = random.Next(shape.Length);
                shape[axis] = Math.Max(
                    0, random.Next(3) switch { 0 => shape[axis] - 1, 1 => shape[axis] + 1, _ => random.Next(40) });
            }

            model.Constants[position] = OrtTensor.Allocate(old.ElementType, shape);
        }
    }

    private static void Scribble(NodeModel model, Random random)
    {
        if (model.Constants.Count > 0)
        {
            OrtTensor tensor = model.Constants[AnyConstant(model, random)];
            for (int i = 0; i < 4 && tensor.ByteCount > 0; i++)
            {
                tensor.Bytes[random.Next(tensor.ByteCount)] = (byte)random.Next(256);
            }
        }
    }

    private static void Swap(NodeModel model, Random random)
    {
        if (model.Constants.Count > 0)
        {
            int from = AnyConstant(model, random);
            int to = random.Next(1, 14);
            OrtTensor tensor = model.Constants[from];
            model.Constants.Remove(from);
            model.Constants[to] = tensor;
        }
    }

    private static void ChangeX(NodeModel model, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                model.XType = Types[random.Next(4)];
                break;
            case 1:
                model.XShape = random.Next(3) switch { 0 => null, 1 => [7L, 1L], _ => ["a", "b", "c"] };
                break;
            case 2:
                model.YType = Types[random.Next(4)];
                break;
            default:
                if (model.Constants.Count > 0)
                {
                    model.Fed.Add(AnyConstant(model, random));
                }

                break;
        }
    }

    private static string AnyAttribute(NodeModel model, Random random) => model.Attributes.Count == 0
        ? "bits"
        : model.Attributes.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(model.Attributes.Count));

    private static int AnyConstant(NodeModel model, Random random) =>
        model.Constants.Count == 0 ? 1 : model.Constants.Keys.ElementAt(random.Next(model.Constants.Count));
}
