using System.Buffers.Binary;
using FlatLearning.Numerics;

namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// Codes levels into a stream: rANS with states of 32 bits that give and take words of 16, last level first.
/// </summary>
public static class EntropyWriter
{
    /// <summary>Weights for which one slice is enough; larger matrices get a slice for each so many.</summary>
    private const long SliceWeights = 1 << 19;

    /// <summary>Smaller weights get fewer lanes, of which each costs a few bytes.</summary>
    private const long WeightsForAllLanes = 1 << 16;

    /// <summary>Writes a stream.</summary>
    /// <param name="levels">Levels, row-major [K, N], -127 to 127, along paths of the trellis that start in state
    /// 0.</param>
    /// <param name="fields">K and N, classes and steps.</param>
    /// <param name="prediction">How levels are predicted; what is coded are differences to it.</param>
    /// <param name="shape">Shape of the probabilities.</param>
    /// <param name="memory">Memory of the trellis.</param>
    /// <param name="step">The weight's step.</param>
    /// <param name="workers">The threads of the work; by default the caller's alone.</param>
    /// <exception cref="ArgumentException">A column's levels leave the trellis, or there are too few or
    /// many.</exception>
    public static EntropyStream Write(
        sbyte[] levels, EntropyFields fields, RowPrediction prediction, int shape, int memory, float step,
        IWorkers? workers = null)
    {
        ArgumentNullException.ThrowIfNull(levels);
        (int rows, int columns) = (fields.RowClasses.Length, fields.ColumnClasses.Length);
        if (levels.Length != (long)rows * columns)
        {
            throw new ArgumentException($"{levels.Length} levels do not fill {rows} x {columns}", nameof(levels));
        }

        int sliceColumns = SliceColumns(rows, columns);
        int slices = (columns + sliceColumns - 1) / sliceColumns;
        byte[] side = fields.Write();
        EntropyHeader header =
            new(shape, memory, Vectors(rows, columns), prediction.Lags.Length, step, sliceColumns, side.Length);
        ShareTable shares = new(shape);
        workers ??= ThreadWorkers.Single;
        short[] differences = Differences(levels, rows, columns, prediction, workers);
        byte[][] payloads = new byte[slices][];
        workers.For(
            slices,
            slice => payloads[slice] = WriteSlice(levels, differences, fields, header, shares, slice * sliceColumns));

        int lags = prediction.Lags.Length * RowPrediction.BytesPerLag;
        byte[] bytes = new byte[EntropyHeader.Length + lags + (slices * sizeof(int)) + side.Length
            + payloads.Sum(payload => (long)payload.Length)];
        header.Write(bytes);
        prediction.Write(bytes.AsSpan(EntropyHeader.Length));
        int position = EntropyHeader.Length + lags;
        foreach (byte[] payload in payloads)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position), payload.Length);
            position += sizeof(int);
        }

        foreach (byte[] part in payloads.Prepend(side))
        {
            part.CopyTo(bytes, position);
            position += part.Length;
        }

        return new EntropyStream(bytes, rows, columns);
    }

    /// <summary>
    /// Bytes of a stream whatever its levels and fields are: its header, its lags, and for each slice a length and the
    /// last states of the lanes.
    /// </summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="lags">Lags of the prediction.</param>
    public static long FixedBytes(int rows, int columns, int lags)
    {
        int sliceColumns = SliceColumns(rows, columns);
        int slices = (columns + sliceColumns - 1) / sliceColumns;
        return EntropyHeader.Length + (lags * RowPrediction.BytesPerLag)
            + (slices * (sizeof(int) + ((long)Vectors(rows, columns) * EntropyHeader.LanesPerVector * sizeof(uint))));
    }

    /// <summary>
    /// A stream of about so many bytes that says nothing: what a file will look like before its levels are known. It
    /// cannot be decoded.
    /// </summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="bytes">Its length; more where the smallest stream of this shape is longer.</param>
    public static EntropyStream Blank(int rows, int columns, long bytes)
    {
        byte[] side = new EntropyFields(new int[rows], new int[columns], new int[rows], new int[columns]).Write();
        int start = EntropyHeader.Length + sizeof(int) + side.Length;
        byte[] blank = new byte[Math.Max(bytes, start)];
        new EntropyHeader(
            0, LevelTrellis.MinMemory, 1, 0, 1,
            (columns + EntropyHeader.LanesPerVector - 1) / EntropyHeader.LanesPerVector
                * EntropyHeader.LanesPerVector, side.Length).Write(blank);
        BinaryPrimitives.WriteInt32LittleEndian(blank.AsSpan(EntropyHeader.Length), blank.Length - start);
        side.CopyTo(blank, EntropyHeader.Length + sizeof(int));
        return new EntropyStream(blank, rows, columns);
    }

    private static int SliceColumns(int rows, int columns)
    {
        int slices = (int)Math.Clamp((long)rows * columns / SliceWeights, 1, (columns + 7) / 8);
        return (((columns + slices - 1) / slices) + 7) / 8 * 8;
    }

    private static int Vectors(int rows, int columns) =>
        (long)rows * columns >= WeightsForAllLanes ? EntropyHeader.MaxVectors : 1;

    private static byte[] WriteSlice(
        sbyte[] levels, short[] differences, EntropyFields fields, EntropyHeader header, ShareTable shares,
        int firstColumn)
    {
        (int rows, int columns) = (fields.RowClasses.Length, fields.ColumnClasses.Length);
        int width = Math.Min(header.SliceColumns, columns - firstColumn);
        byte[] parities = Parities(levels, columns, firstColumn, width, rows, header.Memory);
        uint[] states = new uint[header.Lanes];
        Array.Fill(states, SliceDecoder.Start);

        // A decoder reads forward what is written backward: words, and within a chunk of columns lanes, in the opposite
        // order.
        List<ushort> words = [];
        int chunks = (width + EntropyHeader.LanesPerVector - 1) / EntropyHeader.LanesPerVector;
        for (int k = rows - 1; k >= 0; k--)
        {
            for (int part = chunks - 1; part >= 0; part--)
            {
                int first = part * EntropyHeader.LanesPerVector;
                int vector = (int)((((long)k * chunks) + part) % header.Vectors) * EntropyHeader.LanesPerVector;
                int last = Math.Min(width, first + EntropyHeader.LanesPerVector) - 1;
                for (int n = last; n >= first; n--)
                {
                    int difference = differences[(k * columns) + firstColumn + n];
                    if (shares.Share(IndexOf(n), parities[(k * width) + n], difference) == 0)
                    {
                        words.Add((ushort)(short)difference);
                    }
                }

                for (int n = last; n >= first; n--)
                {
                    int difference = differences[(k * columns) + firstColumn + n];
                    int parity = parities[(k * width) + n];
                    int share = shares.Share(IndexOf(n), parity, difference);
                    int place = share == 0 ? EntropyModel.Escape : difference + 128;
                    uint frequency = (uint)shares.ShareAt(IndexOf(n), parity, place);
                    ref uint x = ref states[vector + n - first];
                    if (x >= (ulong)frequency << (32 - EntropyModel.PrecisionBits))
                    {
                        words.Add((ushort)x);
                        x >>= 16;
                    }

                    x = ((x / frequency) << EntropyModel.PrecisionBits) + (x % frequency)
                        + (uint)shares.StartAt(IndexOf(n), parity, place);
                }

                int IndexOf(int n) => EntropyModel.ClassOf(fields.RowClasses[k], fields.ColumnClasses[firstColumn + n]);
            }
        }

        byte[] payload = new byte[(states.Length * sizeof(uint)) + (words.Count * sizeof(ushort))];
        for (int lane = 0; lane < states.Length; lane++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(lane * sizeof(uint)), states[lane]);
        }

        for (int i = 0; i < words.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(
                payload.AsSpan((states.Length * sizeof(uint)) + (i * sizeof(ushort))), words[words.Count - 1 - i]);
        }

        return payload;
    }

    /// <summary>Levels less their predictions, row-major [K, N].</summary>
    /// <param name="levels">Levels, row-major [K, N].</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="prediction">How levels are predicted.</param>
    /// <param name="workers">The threads of the work.</param>
    public static short[] Differences(
        sbyte[] levels, int rows, int columns, RowPrediction prediction, IWorkers workers)
    {
        short[] differences = new short[levels.Length];
        workers.For(rows, k =>
        {
            for (int n = 0; n < columns; n++)
            {
                differences[(k * columns) + n] =
                    (short)(levels[(k * columns) + n] - prediction.Of(levels, columns, k, n));
            }
        });
        return differences;
    }

    private static byte[] Parities(
        ReadOnlySpan<sbyte> levels, int columns, int firstColumn, int width, int rows, int memory)
    {
        byte[] parities = new byte[(long)rows * width];
        int[] states = new int[width];
        for (int k = 0; k < rows; k++)
        {
            for (int n = 0; n < width; n++)
            {
                int level = levels[(k * columns) + firstColumn + n];
                int parity = states[n] & 1;
                if (level == -128 || (level & 1) != parity)
                {
                    throw new ArgumentException(
                        $"level {level} at row {k}, column {firstColumn + n} leaves the trellis, which expects an "
                            + $"{(parity == 0 ? "even" : "odd")} one",
                        nameof(levels));
                }

                parities[((long)k * width) + n] = (byte)parity;
                states[n] = LevelTrellis.Next(memory, states[n], level);
            }
        }

        return parities;
    }
}
