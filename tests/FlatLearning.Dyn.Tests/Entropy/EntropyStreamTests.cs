using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;
using FlatLearning.Numerics;
using FlatLearning.Testing;

namespace FlatLearning.Dyn.Tests.Entropy;

public sealed class EntropyStreamTests
{
    private const int Mutants = 4000;

    /// <summary>
    /// Widths on both sides of whole vectors and groups, few rows and many, and one matrix of several slices.
    /// </summary>
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 1, 7 }, { 2, 8 }, { 3, 9 }, { 17, 40 }, { 64, 31 }, { 300, 200 }, { 1000, 5 }, { 5, 1500 },
            { 257, 257 }, { 1100, 1000 },
    };

    /// <summary>Runs in children with narrower vectors too.</summary>
    internal static void CheckEveryShape()
    {
        foreach (object[] shape in Shapes)
        {
            new EntropyStreamTests().Decode_WrittenLevels_GivesThemBack((int)shape[0], (int)shape[1]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Decode_WrittenLevels_GivesThemBack(int rows, int columns)
    {
        for (int seed = 0; seed < (rows * columns > 100000 ? 2 : 24); seed++)
        {
            LevelCase c = LevelCase.Draw(rows, columns, seed, spread: seed % 3 == 0 ? 60 : 6);
            EntropyStream written = c.Write();
            EntropyStream read = new(written.Bytes, rows, columns);
            Assert.Equal(c.Fields.RowClasses, read.Fields.RowClasses);
            Assert.Equal(c.Fields.ColumnClasses, read.Fields.ColumnClasses);
            Assert.Equal(c.Fields.RowSteps, read.Fields.RowSteps);
            Assert.Equal(c.Fields.ColumnSteps, read.Fields.ColumnSteps);
            AssertLevels(c, read.Decode(ThreadWorkers.Single, EntropyDecoding.Reference));
            AssertLevels(c, read.Decode());
        }
    }

    [Fact]
    public void Write_LargeWeight_HasSlicesThatDecodeInParallel() =>
        Assert.True(LevelCase.Draw(1100, 1000, 1, 6).Write().Slices > 1);

    [Fact]
    public void Decode_OneThread_RunsNothingElsewhere()
    {
        EntropyStream stream = LevelCase.Draw(1100, 1000, 1, 6).Write();
        Assert.Empty(ThreadWatch.OtherThreads(() => stream.Decode()));
        Assert.Empty(ThreadWatch.OtherThreads(() => stream.Decode(new ThreadWorkers(1))));
    }

    [Fact]
    public void Decode_AnyNumberOfThreads_GivesTheSameBytes()
    {
        EntropyStream stream = LevelCase.Draw(1100, 1000, 1, 6).Write();
        byte[] alone = stream.Decode().Bytes.ToArray();
        Assert.All(
            (int[])[2, 3, 8],
            threads => Assert.Equal(alone, stream.Decode(new ThreadWorkers(threads)).Bytes.ToArray()));
    }

    [Fact]
    public void Write_LevelsOffTheTrellis_Throws()
    {
        LevelCase c = LevelCase.Draw(4, 4, 1, 3);
        c.Levels[0] ^= 1;
        Assert.Contains(
            "leaves the trellis", Assert.Throws<ArgumentException>(c.Write).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The stored size is what the model says: sum of the levels' bits, the fields, and a word or two a lane.
    /// </summary>
    [Fact]
    public void Write_ManyLevels_TakesTheBitsOfTheModel()
    {
        LevelCase c = LevelCase.Draw(400, 300, 2, 6);
        ShareTable shares = new(c.Shape);
        double bits = 0;
        int[] states = new int[300];
        for (int i = 0; i < c.Levels.Length; i++)
        {
            (int k, int n) = (i / 300, i % 300);
            int difference = c.Levels[i] - c.Prediction.Of(c.Levels, 300, k, n);
            bits += shares.Bits(
                EntropyModel.ClassOf(c.Fields.RowClasses[k], c.Fields.ColumnClasses[n]), states[n] & 1, difference);
            states[n] = LevelTrellis.Next(c.Memory, states[n], c.Levels[i]);
        }

        double stored = 8.0 * c.Write().ByteLength;
        double besides = (8 * 64) + (32 * 32) + (6.0 * (2 * 700));
        Assert.True(
            stored >= bits - 1 && stored <= (bits * 1.001) + besides, $"{stored} bits stored, {bits} by the model");
    }

    [Fact]
    public void Decode_MutatedStreams_ThrowFormatExceptionOrDecodeAlike()
    {
        Random random = new(5);
        (int refused, int decoded) = (0, 0);
        for (int i = 0; i < Mutants; i++)
        {
            LevelCase c = LevelCase.Draw(random.Next(1, 40), random.Next(1, 40), i, spread: 8);
            byte[] bytes = c.Write().Bytes.ToArray();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                // Half of them in the header and the fields, which are few bytes among many.
                int position = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 48) : bytes.Length);
                bytes[position] = random.Next(2) == 0
                    ? (byte)random.Next(256)
                    : (byte)(bytes[position] ^ (1 << random.Next(8)));
            }

            bytes = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
            byte[]? reference = Codes(bytes, c, EntropyDecoding.Reference);
            byte[]? vector = System.Runtime.Intrinsics.X86.Avx2.IsSupported
                ? Codes(bytes, c, EntropyDecoding.Vector)
                : reference;
            Assert.Equal(reference, vector);
            (refused, decoded) = reference is null ? (refused + 1, decoded) : (refused, decoded + 1);
        }

        Assert.True(refused > Mutants / 2 && decoded > 0, $"{refused} refused, {decoded} decoded");
    }

    [Fact]
    public void Constructor_ShapeFarBeyondTheBytes_RefusesBeforeItAllocates()
    {
        EntropyStream stream = LevelCase.Draw(4, 8, 1, 3).Write();
        string message =
            Assert.Throws<DynFormatException>(() => new EntropyStream(stream.Bytes, int.MaxValue, 500)).Message;
        Assert.Contains("cannot hold", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NodeOfAStream_IsTheWeightAgain()
    {
        LevelCase c = LevelCase.Draw(30, 70, 4, 9);
        DynWeight weight = c.Weight();
        DynNode node = DynWeightWriter.Write(weight);
        DynWeight read = DynWeightReader.Read(node.Attributes, input => node.Inputs.GetValueOrDefault(input));
        Assert.Equal([WeightInput.Codes], node.Inputs.Keys);
        Assert.Equal(node.Inputs[WeightInput.Codes].Bytes.Length, weight.StoredBytes);
        Assert.Equal(weight.StoredBytes, read.StoredBytes);
        double[] decoded = ReferenceDecoder.Decode(read);
        for (int i = 0; i < decoded.Length; i++)
        {
            // The definition, in double precision; scales are stored in single.
            double expected =
                0.25 * c.Levels[i] * Math.Pow(2, (c.Fields.RowSteps[i / 70] + c.Fields.ColumnSteps[i % 70]) / 2.0);
            Assert.True(Math.Abs(decoded[i] - expected) <= 1e-6 * Math.Abs(expected));
        }
    }

    [Theory]
    [InlineData("storage", "attribute storage is zip, expected packed or entropy")]
    [InlineData("bits", "expected 8 and 1 for entropy storage")]
    [InlineData("codebook", "input codebook is present although storage is entropy")]
    [InlineData("rank", "of rank 1")]
    [InlineData("missing", "input codes is missing")]
    public void Read_DamagedNodeOfAStream_SaysWhat(string damage, string expected)
    {
        DynNode node = DynWeightWriter.Write(LevelCase.Draw(3, 9, 4, 9).Weight());
        List<DynAttribute> attributes = [.. node.Attributes];
        Dictionary<WeightInput, ConstantTensor> inputs = new(node.Inputs);
        if (damage is "storage" or "bits")
        {
            attributes.RemoveAll(attribute => attribute.Name == damage);
            attributes.Add(damage == "bits" ? DynAttribute.Int("bits", 4) : DynAttribute.String("storage", "zip"));
        }

        ConstantTensor codes = inputs[WeightInput.Codes];
        switch (damage)
        {
            case "codebook":
                inputs[WeightInput.Codebook] = codes;
                break;
            case "rank":
                inputs[WeightInput.Codes] = codes with { Shape = [1, codes.Shape[0]] };
                break;
            case "missing":
                inputs.Clear();
                break;
        }

        string message = Assert.Throws<DynFormatException>(
            () => DynWeightReader.Read(attributes, input => inputs.GetValueOrDefault(input))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static byte[]? Codes(byte[] bytes, LevelCase c, EntropyDecoding decoding)
    {
        try
        {
            return new EntropyStream(bytes, c.Rows, c.Columns).Decode(new ThreadWorkers(3), decoding).Bytes.ToArray();
        }
        catch (DynFormatException exception)
        {
            Assert.False(string.IsNullOrWhiteSpace(exception.Message));
            return null;
        }
    }

    private static void AssertLevels(LevelCase c, PackedCodes codes)
    {
        for (int i = 0; i < c.Levels.Length; i++)
        {
            if (CodeReader.Read(codes, i / c.Columns, i % c.Columns) != c.Levels[i] + 128)
            {
                Assert.Fail(
                    $"{c.Rows} x {c.Columns}, seed {c.Seed}: level {i} is "
                        + $"{CodeReader.Read(codes, i / c.Columns, i % c.Columns) - 128}, expected {c.Levels[i]}");
            }
        }
    }
}
