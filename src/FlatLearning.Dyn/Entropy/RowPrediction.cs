using System.Buffers.Binary;

namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// Predicts a level from levels of earlier rows of its column: 2·floor((sum_i coefficient_i · m[k - lag_i, n] + 256) /
/// 512), held within -126 to 126; levels above the first row are 0. An even number, so that the difference to it keeps
/// the parity that the trellis asks for.
/// </summary>
/// <param name="Lags">How many rows above, 1 to 65535.</param>
/// <param name="Coefficients">In 1/256, -32768 to 32767; one a lag.</param>
public sealed record RowPrediction(int[] Lags, int[] Coefficients)
{
    /// <summary>The most lags.</summary>
    public const int MaxLags = 4;

    /// <summary>Coefficients are in units of 2^-8.</summary>
    public const int CoefficientBits = 8;

    /// <summary>The largest prediction.</summary>
    public const int MaxPrediction = EntropyModel.MaxLevel - 1;

    internal const int BytesPerLag = 4;

    /// <summary>Predicts 0 everywhere.</summary>
    public static RowPrediction None { get; } = new([], []);

    /// <summary>The prediction whose weighted sum of levels is given.</summary>
    public static int Round(int sum) =>
        Math.Clamp(((sum + (1 << CoefficientBits)) >> (CoefficientBits + 1)) << 1, -MaxPrediction, MaxPrediction);

    /// <summary>The prediction of one level from row-major levels.</summary>
    /// <param name="levels">[K, columns]; rows above <paramref name="row"/> are read.</param>
    /// <param name="columns">N.</param>
    /// <param name="row">k.</param>
    /// <param name="column">n.</param>
    public int Of(ReadOnlySpan<sbyte> levels, int columns, int row, int column)
    {
        int sum = 0;
        for (int i = 0; i < Lags.Length; i++)
        {
            sum += row >= Lags[i] ? Coefficients[i] * levels[((row - Lags[i]) * columns) + column] : 0;
        }

        return Round(sum);
    }

    internal static RowPrediction Read(ReadOnlySpan<byte> bytes, int count)
    {
        int[] lags = new int[count];
        int[] coefficients = new int[count];
        for (int i = 0; i < count; i++)
        {
            lags[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * BytesPerLag)..]);
            coefficients[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[((i * BytesPerLag) + sizeof(ushort))..]);
            if (lags[i] == 0)
            {
                throw new DynFormatException(
                    "the entropy-coded stream predicts a row from itself; the file is damaged");
            }
        }

        return new RowPrediction(lags, coefficients);
    }

    internal void Write(Span<byte> bytes)
    {
        for (int i = 0; i < Lags.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(i * BytesPerLag)..], checked((ushort)Lags[i]));
            BinaryPrimitives.WriteInt16LittleEndian(
                bytes[((i * BytesPerLag) + sizeof(ushort))..], checked((short)Coefficients[i]));
        }
    }
}
