using FlatLearning.Dyn.Layout;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Decodes packed codes in standard operators, without ever having a code per weight in memory: a table over whole bytes
/// (or pairs of bytes) gives the weight for each position inside the byte, and the positions are joined.
/// </summary>
/// <remarks>
/// ONNX Runtime keeps every folded intermediate until its pass over the graph ends, so a value of the size of the weight costs its
/// memory even when nothing needs it any more. What counts is therefore the number of such values: two gathers' worth here, where
/// unpacking by arithmetic has a dozen. Indices are made on packed bytes, which are 8/b times fewer than weights.
/// </remarks>
internal sealed class CodeBody
{
    /// <summary>An index that no byte has: the row lies above the first.</summary>
    private const int NoRow = 256;

    private readonly OpBuilder _ops;
    private readonly DynStructure _structure;
    private readonly ByteTables _bytes;
    private readonly string _codebook;
    private readonly int _lowWidth;
    private readonly int _highWidth;

    public CodeBody(OpBuilder ops, DynStructure structure, ByteTables bytes, string codebook)
    {
        (_ops, _structure, _bytes) = (ops, structure, bytes);
        _codebook = ops.Cast(codebook, DataType.Float);
        _lowWidth = CodeLayout.PlaneWidth(structure.Bits, 0);
        _highWidth = structure.Bits - _lowWidth;
    }

    /// <summary>How many codes lie in a byte of the narrowest plane: positions that are decoded apart and joined.</summary>
    private int Positions => 8 / (_highWidth == 0 ? _lowWidth : _highWidth);

    private bool HasTwoPlanes => _highWidth > 0;

    /// <summary>Two taps share one table over pairs of bytes where that saves memory.</summary>
    private int TapsPerTable => !HasTwoPlanes && _structure.Bits <= 4 ? 2 : 1;

    private int TableCount => (_structure.Taps + TapsPerTable - 1) / TapsPerTable;

    /// <summary>code [K, G·g], float32, from the blob [G, K, b·g/8].</summary>
    public string Decode(string blob)
    {
        string rows = _ops.Transpose(blob, 1, 0, 2);
        string[] indices = HasTwoPlanes ? JointIndices(rows) : [_ops.Cast(rows, DataType.Int32)];
        string[][] tableIndices = new string[TableCount][];
        for (int table = 0; table < TableCount; table++)
        {
            tableIndices[table] = Array.ConvertAll(indices, index => TableIndex(index, table * TapsPerTable));
        }

        string[] positions = new string[Positions];
        for (int position = 0; position < Positions; position++)
        {
            positions[position] = Position(tableIndices, position);
        }

        return _ops.Reshape(_ops.Concat(2, positions), 0, -1);
    }

    /// <summary>
    /// For codes in two planes, the low plane's bytes fall into as many equal parts as they hold fewer codes than the high
    /// plane's; index = low byte + 256 · high byte, one tensor for each part.
    /// </summary>
    private string[] JointIndices(string rows)
    {
        string[] parts = _ops.Split(rows, 2, _structure.Bits / _highWidth);
        string[] wide = Array.ConvertAll(parts, part => _ops.Cast(part, DataType.Int32));
        string high = _ops.Mul(wide[^1], _ops.Int32(256));
        return Array.ConvertAll(wide[..^1], low => _ops.Add(low, high));
    }

    /// <summary>The index into the table that starts at a tap: one tap's index, or two taps' joined.</summary>
    private string TableIndex(string index, int tap)
    {
        string first = Delay(index, tap);
        return TapsOf(tap) == 1 ? first : _ops.Add(first, _ops.Mul(Delay(index, tap + 1), _ops.Int32(NoRow + 1)));
    }

    private int TapsOf(int tap) => Math.Min(TapsPerTable, _structure.Taps - tap);

    /// <summary>Row k becomes row k - tap of a [K, G, m] index; rows above the first get the index that is looked up as zero.</summary>
    private string Delay(string index, int tap)
    {
        if (tap == 0)
        {
            return index;
        }

        string firstRow = _ops.Slice(index, 0, 0, 1);
        string none = _ops.Add(_ops.Mul(firstRow, _ops.Int32(0)), _ops.Int32(HasTwoPlanes ? NoRow * 256 : NoRow));
        string[] rows = [.. Enumerable.Repeat(none, tap), index];
        return _ops.Slice(_ops.Concat(0, rows), 0, 0, -tap);
    }

    /// <summary>[K, G, m]: the codes at one position of their bytes.</summary>
    private string Position(string[][] tableIndices, int position)
    {
        int part = position % tableIndices[0].Length;
        string[] terms = new string[TableCount];
        for (int table = 0; table < TableCount; table++)
        {
            terms[table] = _ops.Gather(Table(table * TapsPerTable, position), tableIndices[table][part], 0);
        }

        return IsWindowSum ? _ops.Gather(_codebook, terms.Aggregate(_ops.Add), 0) : _ops.Sum(terms);
    }

    /// <summary>Whether tables hold parts of a window's index, which are summed before the window table is read.</summary>
    private bool IsWindowSum => _structure.IsWindow && TableCount > 1;

    private string Table(int tap, int position)
    {
        string table = TapValues(tap, position);
        if (TapsOf(tap) == 2)
        {
            string next = _ops.Reshape(TapValues(tap + 1, position), -1, 1);
            table = _ops.Reshape(_ops.Add(next, table), -1);
        }

        if (!_structure.IsWindow)
        {
            return table;
        }

        string index = _ops.Cast(table, DataType.Int32);
        return IsWindowSum ? index : _ops.Gather(_codebook, index, 0);
    }

    /// <summary>What one tap adds for each index, with a zero at the end for rows above the first.</summary>
    private string TapValues(int tap, int position)
    {
        string code = Code(position);
        string values = _structure.IsWindow
            ? _ops.Mul(code, _ops.Scalar(1 << (_structure.Bits * tap)))
            : _ops.Gather(CodebookRow(tap), _ops.Cast(code, DataType.Int32), 0);
        return _structure.Taps == 1 ? values : _ops.Concat(0, [values, _ops.Floats([0f], 1)]);
    }

    private string CodebookRow(int tap) => _ops.Reshape(_ops.Slice(_codebook, 0, tap, tap + 1), -1);

    /// <summary>[256] or [65536]: the code that an index holds at a position.</summary>
    private string Code(int position)
    {
        if (!HasTwoPlanes)
        {
            return _bytes.Part(_lowWidth, position);
        }

        string low = _bytes.Part(_lowWidth, position * _highWidth / _lowWidth);
        string high = _ops.Mul(_bytes.Part(_highWidth, position), _ops.Scalar(1 << _lowWidth));
        return _ops.Reshape(_ops.Add(low, _ops.Reshape(high, -1, 1)), -1);
    }
}
