using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Operators;

/// <summary>Damaged nodes end in <see cref="DynFormatException"/> or in a weight that decodes; nothing else.</summary>
public sealed class NodeMutationTests
{
    private const int Mutants = 6000;

    private static readonly long[] Numbers =
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 64, 1024, 4096, 65536, -1, int.MaxValue, 1L << 31, 1L << 40, 1L << 61,
        long.MaxValue, long.MinValue];

    [Fact]
    public void Read_MutatedNodes_ThrowFormatExceptionOrDecode()
    {
        Random random = new(11);
        int refused = 0;
        int decoded = 0;
        for (int i = 0; i < Mutants; i++)
        {
            NodeCase node =
                new(WeightGenerator.Draw(i % 500) with { Rows = random.Next(1, 20), Columns = random.Next(1, 40) });
            for (int mutations = random.Next(1, 4); mutations > 0; mutations--)
            {
                Mutate(random, node);
            }

            try
            {
                WeightDecoder decoder = new(node.Read());
                decoder.DecodeTile(
                    random.Next(decoder.Groups),
                    0,
                    decoder.Rows,
                    new float[decoder.Rows * decoder.GroupWidth],
                    decoder.GroupWidth);
                decoded++;
            }
            catch (DynFormatException exception)
            {
                Assert.False(string.IsNullOrWhiteSpace(exception.Message));
                refused++;
            }
        }

        // Both outcomes occur often, so that the test exercises both.
        Assert.True(refused > Mutants / 4 && decoded > Mutants / 20, $"{refused} refused, {decoded} decoded");
    }

    private static void Mutate(Random random, NodeCase node)
    {
        if (random.Next(3) == 0 || node.Inputs.Count == 0)
        {
            MutateAttribute(random, node);
            return;
        }

        WeightInput position = node.Inputs.Keys.ElementAt(random.Next(node.Inputs.Count));
        ConstantTensor tensor = node.Inputs[position];
        switch (random.Next(6))
        {
            case 0:
                node.Inputs.Remove(position);
                break;
            case 1:
                node.Inputs[position] = tensor with { ElementType = (TensorType)random.Next(-1, 24) };
                break;
            case 2:
                long[] shape = [.. tensor.Shape];
                if (shape.Length > 0)
                {
                    shape[random.Next(shape.Length)] = Numbers[random.Next(Numbers.Length)];
                }

                node.Inputs[position] = tensor with { Shape = shape };
                break;
            case 3:
                node.Inputs[position] = tensor with { Bytes = tensor.Bytes[..random.Next(tensor.Bytes.Length + 1)] };
                break;
            case 4:
                WeightInput other = (WeightInput)random.Next(WeightInputs.Count);
                node.Inputs[other] = tensor;
                break;
            default:
                byte[] bytes = tensor.Bytes.ToArray();
                for (int flips = random.Next(1, 9); flips > 0 && bytes.Length > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                node.Inputs[position] = tensor with { Bytes = bytes };
                break;
        }
    }

    private static void MutateAttribute(Random random, NodeCase node)
    {
        long value = Numbers[random.Next(Numbers.Length)];
        DynAttributeSpec spec = WeightSchema.Attributes[random.Next(WeightSchema.Attributes.Count)];
        IReadOnlyList<long> old =
            (node.Attributes.FirstOrDefault(attribute => attribute.Name == spec.Name) ?? spec.Absent).Integers;
        string[] words = ["none", "riem", "dyn-l1", "dyn-l2", "dyn-inverse-l2", "", "x", "packed", "entropy"];
        node.Set(spec.Type switch
        {
            DynAttributeType.Int => DynAttribute.Int(spec.Name, value),
            DynAttributeType.Ints when random.Next(2) == 0 => DynAttribute.Ints(spec.Name, [.. old.Skip(1), value]),
            DynAttributeType.Ints => DynAttribute.Ints(spec.Name, [value, .. old.Skip(1)]),
            _ => DynAttribute.String(spec.Name, words[random.Next(words.Length)]),
        });
    }
}
