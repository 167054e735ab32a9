using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace FlatLearning.Onnx.Cli.Tests.Damage;

/// <summary>
/// A converted model with one thing wrong in its first DynMatMul: an attribute, an input, or the bytes or shape of a
/// part.
/// </summary>
internal static class DamagedConversions
{
    private static readonly long[] Numbers = [-1, 0, 1, 7, 9, 17, 1 << 20, 1L << 40, long.MaxValue, long.MinValue];

    /// <summary>Every case made from a converted model.</summary>
    public static IEnumerable<DamagedFile> Of(ModelProto converted)
    {
        NodeProto node = Node(converted);
        return Enumerable.Range(0, node.Attribute.Count).SelectMany(i => Attribute(converted, i))
            .Concat(Enumerable.Range(0, node.Input.Count).SelectMany(i => Input(converted, i)))
            .Concat(
                node.Input.Skip(1)
                    .Where(name => Part(converted, name) is not null)
                    .SelectMany(name => Blob(converted, name)))
            .Concat(Whole(converted));
    }

    private static IEnumerable<DamagedFile> Attribute(ModelProto converted, int index)
    {
        AttributeProto attribute = Node(converted).Attribute[index];
        string name = attribute.Name;
        yield return Case($"without attribute {name}", converted, node => node.Attribute.RemoveAt(index));
        yield return Case($"with attribute {name} misnamed", converted, node => node.Attribute[index].Name += "_");
        yield return Case(
            $"with attribute {name} as a float",
            converted,
            node => Retyped(node.Attribute[index], AttributeType.Float).F = 4);
        yield return Case(
            $"with attribute {name} as text",
            converted,
            node => Retyped(node.Attribute[index], AttributeType.String).S = ByteString.CopyFromUtf8("four"));
        foreach (long number in Numbers)
        {
            if (attribute.Type == AttributeType.Int)
            {
                yield return Case(
                    $"with attribute {name} of {number}", converted, node => node.Attribute[index].I = number);
            }

            for (int element = 0; element < attribute.Ints.Count; element++)
            {
                int position = element;
                yield return Case(
                    $"with attribute {name}[{position}] of {number}",
                    converted,
                    node => node.Attribute[index].Ints[position] = number);
            }
        }
    }

    private static IEnumerable<DamagedFile> Input(ModelProto converted, int index)
    {
        yield return Case($"with input {index} empty", converted, node => node.Input[index] = string.Empty);
        yield return Case($"with input {index} undefined", converted, node => node.Input[index] = "nobody");
        yield return Case($"with the inputs up to {index}", converted, node => Cut(node, index));
        yield return Case(
            $"with the input before {index} twice",
            converted,
            node => node.Input[index] = node.Input[Math.Max(0, index - 1)]);
        yield return Case($"with input {index} computed", converted, node => node.Input[index] = node.Input[0]);
    }

    private static IEnumerable<DamagedFile> Blob(ModelProto converted, string part)
    {
        yield return OfPart("gone", (model, tensor) => model.Graph.Initializer.Remove(tensor));
        yield return OfPart(
            "one byte short", (_, tensor) => tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span[..^1]));
        yield return OfPart("empty", (_, tensor) =>
        {
            tensor.RawData = ByteString.Empty;
            tensor.Dims.Clear();
            tensor.Dims.Add(0);
        });
        yield return OfPart("of half the size", (_, tensor) =>
        {
            if (tensor.Dims.Count > 0)
            {
                tensor.Dims[0] /= 2;
            }

            tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span[..(tensor.RawData.Length / 2)]);
        });
        yield return OfPart("of rank 1", (_, tensor) =>
        {
            long count = tensor.Dims.Aggregate(1L, (product, dimension) => product * dimension);
            tensor.Dims.Clear();
            tensor.Dims.Add(count);
        });
        yield return OfPart("of rank 5", (_, tensor) => tensor.Dims.Add([1, 1, 1]));
        yield return OfPart("of dimension -1", (_, tensor) => SetFirst(tensor, -1));
        yield return OfPart("of dimension 2^62", (_, tensor) => SetFirst(tensor, 1L << 62));
        yield return OfPart("of type int8", (_, tensor) => tensor.DataType = (int)TensorProto.Types.DataType.Int8);
        yield return OfPart("of type string", (_, tensor) => tensor.DataType = (int)TensorProto.Types.DataType.String);
        yield return OfPart(
            "of all ones",
            (_, tensor) =>
                tensor.RawData = ByteString.CopyFrom([.. Enumerable.Repeat((byte)0xff, tensor.RawData.Length)]));
        yield return OfPart("of noise", (_, tensor) =>
        {
            byte[] noise = new byte[tensor.RawData.Length];
            new Random(24).NextBytes(noise);
            tensor.RawData = ByteString.CopyFrom(noise);
        });

        DamagedFile OfPart(string what, Action<ModelProto, TensorProto> damage) => DamagedFile.Of(
            $"with {part} {what}", converted, model => damage(model, Part(model, part)!), sound: true);
    }

    private static IEnumerable<DamagedFile> Whole(ModelProto converted)
    {
        yield return Case("with an operator name that there is not", converted, node => node.OpType = "DynMatMul99");
        yield return Case("with an operator that there is not", converted, node => node.OpType = "DynConv");
        yield return Case("without output", converted, node => node.Output.Clear());
        yield return DamagedFile.Of("without metadata", converted, model => model.MetadataProps.Clear(), sound: true);
        yield return DamagedFile.Of("without functions", converted, model => model.Functions.Clear(), sound: true);
        yield return DamagedFile.Of(
            "without its operator set",
            converted,
            model => model.OpsetImport.Remove(model.OpsetImport.Single(opset => opset.Domain == "ai.flatlearning")),
            sound: true);
        foreach (StringStringEntryProto entry in converted.MetadataProps)
        {
            foreach (string value in (string[])[
                string.Empty, "{", "[]", "null", "{\"W1\":3}", "[[1,2,3]]", "\u0000", new string('[', 10_000)])
            {
                yield return DamagedFile.Of(
                    $"with metadata {entry.Key} of '{(value.Length > 20 ? "deep" : value)}'",
                    converted,
                    model => model.MetadataProps.Single(item => item.Key == entry.Key).Value = value,
                    sound: true);
            }
        }

        byte[] bytes = TestModels.Bytes(converted);
        Random random = new(25);
        for (int round = 0; round < 40; round++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            yield return DamagedFile.Of($"with the flip of round {round}", damaged, sound: true);
        }
    }

    private static DamagedFile Case(string name, ModelProto converted, Action<NodeProto> damage) =>
        DamagedFile.Of(name, converted, model => damage(Node(model)), sound: true);

    private static NodeProto Node(ModelProto model) => model.Graph.Node.First(node => node.Domain == "ai.flatlearning");

    private static TensorProto? Part(ModelProto model, string name) =>
        model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name);

    private static AttributeProto Retyped(AttributeProto attribute, AttributeType type)
    {
        (string name, _) = (attribute.Name, attribute.Type);
        attribute.ClearI();
        attribute.ClearS();
        attribute.Ints.Clear();
        (attribute.Name, attribute.Type) = (name, type);
        return attribute;
    }

    private static void Cut(NodeProto node, int count)
    {
        while (node.Input.Count > count)
        {
            node.Input.RemoveAt(count);
        }
    }

    private static void SetFirst(TensorProto tensor, long value)
    {
        if (tensor.Dims.Count > 0)
        {
            tensor.Dims[0] = value;
        }
        else
        {
            tensor.Dims.Add(value);
        }
    }
}
