using FlatLearning.Dyn;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// Codes without a metric, which have kernels of their own for one row, a few and many: every width and number of taps,
/// with and without scales, group widths whose rows end inside a register, blobs that end inside one, and numbers of
/// rows on both sides of every change of the kernel.
/// </summary>
internal static class CodeCases
{
    public static readonly int[] Bits = [2, 3, 4, 5, 6, 8];

    public static readonly int[] Batches = [1, 2, 3, 5, 7, 9, 13, 20, 25];

    public static readonly (int Rows, int Columns, int GroupWidth)[] Shapes =
    [
        (1, 1, 8), (2, 9, 8), (3, 17, 0), (17, 8, 8), (5, 40, 0), (64, 100, 104), (33, 128, 128), (100, 257, 0),
        (300, 200, 72), (257, 300, 136), (40, 1500, 1024),
        (48, 192, 0), (90, 48, 0), (280, 64, 256), (130, 384, 0),

        // Beyond what is kept decoded: several rows of these are multiplied from the packed codes.
        (1000, 72, 72), (700, 100, 104), (9000, 8, 8), (70, 1500, 1024), (521, 128, 128),
    ];

    /// <summary>
    /// Runs all cases and returns how many there were; throws where an element is outside the bound of the oracle.
    /// </summary>
    public static string Run()
    {
        int cases = 0;
        foreach (int bits in Bits)
        {
            for (int taps = 1; taps <= Codebook.MaxTaps; taps++)
            {
                foreach ((int rows, int columns, int groupWidth) in Shapes)
                {
                    DynWeight weight = WeightGenerator.Create(new WeightCase
                    {
                        Rows = rows,
                        Columns = columns,
                        GroupWidth = groupWidth,
                        Bits = bits,
                        Taps = taps,
                        HasRowScale = (taps + rows) % 2 == 0,
                        Seed = cases,
                    });
                    OrtTensor bias = Inputs.Random(cases, TensorElementType.Float, columns);
                    using InferenceSession session = NativeHost.Open(NodeModel.Of(weight, bias));
                    ProductOracle oracle = new(weight, bias.ToDoubles());
                    foreach (int batch in Batches)
                    {
                        OrtTensor x = Inputs.Random(cases + batch, TensorElementType.Float, batch, rows);
                        _ = oracle.Check(x, NativeHost.Run(session, x));
                        cases++;
                    }
                }
            }
        }

        return $"{cases}";
    }

    /// <summary>
    /// So many rows that they are cut into blocks, for which narrow weights are decoded first; beside codes of one
    /// width, bands. Returns how many cases there were.
    /// </summary>
    public static string RunMany()
    {
        const int Many = 130;
        (int Rows, int Columns, int GroupWidth)[] shapes = [
            (521, 128, 128), (700, 100, 104), (300, 200, 72), (270, 500, 64)];
        int cases = 0;
        foreach ((int rows, int columns, int groupWidth) in shapes)
        {
            List<DynWeight> weights = [
                BandCases.Weight([6, 5, 4, 3, 2], rows, columns, groupWidth, rows),
                BandCases.Weight([8, 3], rows, columns, groupWidth, columns)];
            weights.AddRange(Bits.Select(bits => WeightGenerator.Create(new WeightCase
            {
                Rows = rows,
                Columns = columns,
                GroupWidth = groupWidth,
                Bits = bits,
                Taps = 1 + ((bits + rows) % 4),
                HasRowScale = bits % 2 == 0,
                Seed = rows + bits,
            })));
            foreach (DynWeight weight in weights)
            {
                OrtTensor bias = Inputs.Random(cases, TensorElementType.Float, columns);
                using InferenceSession session = NativeHost.Open(NodeModel.Of(weight, bias));
                OrtTensor x = Inputs.Random(cases, TensorElementType.Float, Many, rows);
                _ = new ProductOracle(weight, bias.ToDoubles()).Check(x, NativeHost.Run(session, x));
                cases++;
            }
        }

        return $"{cases}";
    }

    /// <summary>
    /// Codes of one width and bands for a row, a few and many: the same bits on any number of threads. Returns how many
    /// cases there were.
    /// </summary>
    public static string Identical()
    {
        int cases = 0;
        List<DynWeight> weights = [
            BandCases.Weight([6, 5, 4, 3, 2], 200, 4200, 64, 1), BandCases.Weight([6, 5, 4, 3, 2], 1200, 300, 104, 2)];
        weights.AddRange(
            Bits.Select(
                bits => WeightGenerator.Create(new WeightCase { Rows = 500, Columns = 1000, Bits = bits, Taps = 2 })));
        weights.Add(WeightGenerator.Create(new WeightCase { Rows = 3000, Columns = 128, Bits = 4, Taps = 3 }));
        foreach (DynWeight weight in weights)
        {
            InferenceSession[] sessions = [
                .. new[] { 1, 2, 3, 7 }.Select(threads => NativeHost.Open(NodeModel.Of(weight), threads))];
            foreach (int batch in (int[])[1, 2, 5, 100])
            {
                OrtTensor x = Inputs.Random(batch, TensorElementType.Float, batch, weight.Rows);
                byte[] first = NativeHost.Run(sessions[0], x).Bytes.ToArray();
                if (sessions[1..].Any(session => !NativeHost.Run(session, x).Bytes.SequenceEqual(first)))
                {
                    throw new InvalidOperationException(
                        $"{weight.Rows} x {weight.Columns}, {batch} rows: another result on another number of threads");
                }

                cases++;
            }

            Array.ForEach(sessions, session => session.Dispose());
        }

        return $"{cases}";
    }

    /// <summary>
    /// Bytes that the library allocated over twenty runs of every kernel, float32 and float16, after warming up.
    /// </summary>
    public static string Allocations(string library)
    {
        nint handle = System.Runtime.InteropServices.NativeLibrary.Load(library);
        nint entry = System.Runtime.InteropServices.NativeLibrary.GetExport(handle, "FlatAllocatedBytes");
        long allocated = 0;
        foreach (int bits in Bits)
        {
            foreach (TensorElementType type in (TensorElementType[])[
                TensorElementType.Float, TensorElementType.Float16])
            {
                DynWeight weight =
                    WeightGenerator.Create(new WeightCase { Rows = 300, Columns = 700, Bits = bits, Taps = 2 });
                NodeModel model = NodeModel.Of(weight);
                model.XType = type;
                foreach (string activations in (string[])["float32", "int8"])
                {
                    using InferenceSession session = NativeHost.Open(model, activations: activations);
                    foreach (int batch in Batches)
                    {
                        allocated += RunsOf(session, Inputs.Random(batch, type, batch, 300), entry);
                    }
                }
            }
        }

        foreach (TensorElementType type in (TensorElementType[])[TensorElementType.Float, TensorElementType.BFloat16])
        {
            NodeModel model = NodeModel.Of(BandCases.Weight([8, 6, 5, 4, 3, 2], 700, 300, 72, 1));
            model.XType = type;
            using InferenceSession session = NativeHost.Open(model);
            foreach (int batch in BandCases.Batches)
            {
                allocated += RunsOf(session, Inputs.Random(batch, type, batch, 700), entry);
            }
        }

        foreach (DynWeight weight in MetricCases.Weights())
        {
            using InferenceSession session = NativeHost.Open(NodeModel.Of(weight));
            foreach (int batch in MetricCases.Batches)
            {
                allocated += RunsOf(session, Inputs.Random(batch, TensorElementType.Float, batch, weight.Rows), entry);
            }
        }

        return $"{allocated}";
    }

    private static unsafe long RunsOf(InferenceSession session, OrtTensor x, nint entry)
    {
        const int Runs = 20;
        delegate* unmanaged<long> count = (delegate* unmanaged<long>)entry;
        for (int i = 0; i < Runs; i++)
        {
            NativeHost.Run(session, x);
        }

        long before = count();
        for (int i = 0; i < Runs; i++)
        {
            NativeHost.Run(session, x);
        }

        return count() - before;
    }
}
