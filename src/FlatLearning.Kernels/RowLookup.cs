using System.Buffers;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Terms;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels;

/// <summary>
/// Rows of a weight by number, decoded from what is stored: the words of an embedding. Holds nothing of the weight but
/// the decoder's tables. Immutable, so that any number of threads may look up at once.
/// </summary>
public sealed class RowLookup
{
    // Rows that one item of work decodes.
    private const int Batch = 64;
    private const int MaxGroupWidth = 1024;

    private readonly WeightDecoder _decoder;
    private readonly NibbleRows? _nibbles;

    /// <summary>Where a row of the weight stands in the decoder's order; null where that is its own number.</summary>
    private readonly int[]? _places;

    /// <summary>The column of the weight at every place of the decoder; null where these are the same.</summary>
    private readonly int[]? _columns;

    /// <summary>Prepares a weight.</summary>
    /// <exception cref="DynFormatException">A metric is too large to decode in memory.</exception>
    public RowLookup(DynWeight weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        weight = weight.Decoded();
        _decoder = new WeightDecoder(weight);
        _nibbles = NibbleRows.TryCreate(weight);
        if (weight.Find<MixedCodes>() is null)
        {
            return;
        }

        weight.InScaleOrder(out int[] rows, out _columns);
        _places = new int[rows.Length];
        for (int place = 0; place < rows.Length; place++)
        {
            _places[rows[place]] = place;
        }
    }

    /// <summary>K: how many rows there are.</summary>
    public int Rows => _decoder.Rows;

    /// <summary>N: floats of a row.</summary>
    public int Columns => _decoder.Columns;

    /// <summary>Writes the rows with the given numbers, one behind the other.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="rows">Numbers from 0 to <see cref="Rows"/> - 1; not checked again where they come from.</param>
    /// <param name="destination">Room for them.</param>
    public unsafe void Read(IWorkers workers, ReadOnlySpan<int> rows, Span<float> destination)
    {
        if (destination.Length < (long)rows.Length * Columns)
        {
            throw new ArgumentException(
                $"{rows.Length} rows need {(long)rows.Length * Columns} floats, found {destination.Length}.",
                nameof(destination));
        }

        using MemoryHandle codes = _nibbles?.Pin() ?? default;
        fixed (int* numbers = rows)
        fixed (float* first = destination)
        {
            Work work = new() { Self = this, Rows = numbers, Count = rows.Length, Destination = first,
                Codes = (byte*)codes.Pointer };
            workers.For(ref work, (rows.Length + Batch - 1) / Batch);
        }
    }

    private void ReadOne(int row, Span<float> destination)
    {
        int place = _places is null ? row : _places[row];
        Span<float> turned = stackalloc float[_columns is null ? 0 : MaxGroupWidth];
        for (int group = 0; group < _decoder.Groups; group++)
        {
            int begin = group * _decoder.GroupWidth;
            int width = _decoder.WidthOf(group);
            if (_columns is null)
            {
                _decoder.DecodeTile(group, place, 1, destination.Slice(begin, width), width);
                continue;
            }

            _decoder.DecodeTile(group, place, 1, turned, width);
            for (int i = 0; i < width; i++)
            {
                destination[_columns[begin + i]] = turned[i];
            }
        }
    }

    // The pointers stay where they are until the caller returns.
    private unsafe struct Work : IParallelWork
    {
        public RowLookup Self;
        public int* Rows;
        public int Count;
        public float* Destination;
        public byte* Codes;

        public readonly void Execute(int item)
        {
            for (int i = item * Batch; i < Math.Min(Count, (item + 1) * Batch); i++)
            {
                float* row = Destination + ((long)i * Self.Columns);
                if (Self._nibbles is { } nibbles)
                {
                    nibbles.Read(Codes, Rows[i], row);
                }
                else
                {
                    Self.ReadOne(Rows[i], new Span<float>(row, Self.Columns));
                }
            }
        }
    }
}
