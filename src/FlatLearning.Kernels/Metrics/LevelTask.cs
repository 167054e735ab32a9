using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// One item: some groups of columns, each of which looks up its sum of distances in every coordinate's table.
/// </summary>
internal readonly unsafe struct LevelTask : IParallelWork
{
    // A shorter item (some microseconds) is not worth the hand-over to another thread.
    private const long MinLookUps = 32 * 1024;
    private const int MaxRows = 4;

    private readonly ProductEnds _ends;
    private readonly CodeLayout _layout;
    private readonly byte* _states;
    private readonly float* _tables;
    private readonly int _rows;
    private readonly float* _y;
    private readonly int _itemGroups;

    /// <summary>Prepares.</summary>
    /// <param name="ends">Gamma.</param>
    /// <param name="layout">Of the column states, D x N.</param>
    /// <param name="states">Their bytes.</param>
    /// <param name="tables">[rows, D, 2^s].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="y">[rows, N], added to.</param>
    public LevelTask(ProductEnds ends, CodeLayout layout, byte* states, float* tables, int rows, float* y)
    {
        (_ends, _layout, _rows) = (ends, layout, rows);
        _states = states;
        _tables = tables;
        _y = y;
        long lookUps = (long)layout.Rows * layout.GroupWidth * rows;
        _itemGroups = (int)Math.Clamp((MinLookUps + lookUps - 1) / lookUps, 1, layout.Groups);
    }

    /// <summary>Items.</summary>
    public int Items => (_layout.Groups + _itemGroups - 1) / _itemGroups;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int end = Math.Min(_layout.Groups, (item + 1) * _itemGroups);
        for (int group = item * _itemGroups; group < end; group++)
        {
            for (int row = 0; row < _rows; row += MaxRows)
            {
                Group(group, row, Math.Min(MaxRows, _rows - row));
            }
        }
    }

    private void Group(int group, int firstRow, int rows)
    {
        int levels = 1 << _layout.Bits;
        int first = group * _layout.GroupWidth;
        int count = Math.Min(_layout.GroupWidth, _layout.Columns - first);
        byte* unpacked = stackalloc byte[CodeLayout.MaxGroupWidth];
        float* sums = stackalloc float[MaxRows * CodeLayout.MaxGroupWidth];
        new Span<float>(sums, rows * CodeLayout.MaxGroupWidth).Clear();
        for (int coordinate = 0; coordinate < _layout.Rows; coordinate++)
        {
            byte* codes = BucketTask.Codes(_layout, _states, group, coordinate, unpacked);
            for (int row = 0; row < rows; row++)
            {
                float* table = _tables + ((((long)(firstRow + row) * _layout.Rows) + coordinate) * levels);
                LookUp(table, codes, count, sums + (row * CodeLayout.MaxGroupWidth));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            float* target = _y + ((long)(firstRow + row) * _layout.Columns) + first;
            RowMath.MultiplyAdd(
                sums + (row * CodeLayout.MaxGroupWidth), _ends.ColumnScale + first, target, target, count);
        }
    }

    private static void LookUp(float* table, byte* codes, int count, float* sums)
    {
        int n = 0;
        if (Avx2.IsSupported)
        {
            for (; n <= count - Vector256<float>.Count; n += Vector256<float>.Count)
            {
                Vector256<float> found =
                    Avx2.GatherVector256(table, Avx2.ConvertToVector256Int32(codes + n), sizeof(float));
                (Vector256.Load(sums + n) + found).Store(sums + n);
            }
        }

        for (; n < count; n++)
        {
            sums[n] += table[codes[n]];
        }
    }
}
