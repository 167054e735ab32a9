using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.CudaBenchmark;

/// <summary>Weights of random codes.</summary>
internal static class RandomWeight
{
    /// <summary>Codes of one width.</summary>
    public static DynWeight Codes(int k, int n, int bits, int taps, int seed, int sparse = 0)
    {
        Random random = new(seed);
        PackedCodes codes = Packed(random, k, n, bits, CodeLayout.ChooseGroupWidth(n));
        List<WeightTerm> terms = [new UniformCodes(codes, Book(random, bits, taps))];
        if (sparse > 0)
        {
            terms.Add(new SparseTerm(SparseElements.Of(
                k, n,
                Enumerable.Range(0, sparse).Select(_ => (random.Next(k), random.Next(n))).Distinct()
                    .Select(at => (at.Item1, at.Item2, random.NextSingle() - 0.5f)))));
        }

        return new DynWeight(k, n, Scale(random, k), Scale(random, n), terms);
    }

    /// <summary>Codes of several widths, a third of the rows each, and some without.</summary>
    public static DynWeight Bands(int k, int n, int groupWidth, int taps, int seed)
    {
        Random random = new(seed);
        int[] bits = [6, 4, 2];
        int groups = (n + groupWidth - 1) / groupWidth;
        int[] starts = new int[(groups + 1) * bits.Length];
        for (int i = bits.Length; i < starts.Length; i++)
        {
            starts[i] = starts[i - bits.Length] + random.Next((k / 4) + 1) + 1;
        }

        CodeBand[] bands = [.. bits.Select((b, i) => new CodeBand(
            Book(random, b, taps),
            Packed(random, starts[(groups * bits.Length) + i], groupWidth, b, groupWidth)))];
        return new DynWeight(
            k, n, Scale(random, k), Scale(random, n),
            new MixedCodes(new BandedCodes(k, n, groupWidth, bands, starts)));
    }

    private static PackedCodes Packed(Random random, int rows, int columns, int bits, int groupWidth)
    {
        // Any bits are codes, but columns behind the last have code 0: those of whole groups alone are drawn as bytes.
        CodeLayout layout = new(rows, columns, bits, groupWidth);
        byte[] bytes = new byte[layout.ByteLength];
        if (columns % groupWidth == 0)
        {
            random.NextBytes(bytes);
            return new PackedCodes(layout, bytes);
        }

        byte[] codes = new byte[rows * columns];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)random.Next(1 << bits);
        }

        CodePacker.Pack(codes, layout, bytes);
        return new PackedCodes(layout, bytes);
    }

    private static Codebook Book(Random random, int bits, int taps) => new(
        new ParameterTensor(Values(random, taps << bits), [taps, 1 << bits], ParameterType.Float32), bits, taps);

    private static ParameterTensor Scale(Random random, int count) => new(
        Array.ConvertAll(Values(random, count), value => MathF.Exp(value)), [count], ParameterType.Float32);

    private static float[] Values(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
}
