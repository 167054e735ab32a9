using FlatLearning.Dyn.Layout;
using FlatLearning.Onnx.Portable.Terms;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Decodes packed codes in standard operators, without ever having a code per weight in memory: tables over whole bytes
/// (or pairs of bytes) give the weights at all positions inside the byte in one look-up.
/// </summary>
/// <remarks>
/// ONNX Runtime keeps every folded intermediate until its pass over the graph ends, so a value of the size of the
/// weight costs its memory even when nothing needs it any more. What counts is therefore the number of such values:
/// three here for one tap, where unpacking by arithmetic has a dozen. Indices are made on packed bytes, which are 8/b
/// times fewer than weights, and the look-up is one large value, since many small ones stay in the process's heap after
/// they are freed.
/// </remarks>
internal sealed class CodeBody
{
    /// <summary>An index that no byte has: the row lies above the first.</summary>
    private const int NoRow = 256;

    private readonly OpBuilder _ops;
    private readonly CodeForm _form;
    private readonly ByteTables _bytes;
    private readonly string _codebook;
    private readonly int _lowWidth;
    private readonly int _highWidth;
    private string? _codes;
    private string? _codeIndex;
    private string? _zeros;

    public CodeBody(BodyContext context, CodeForm form, string codebook)
    {
        (_ops, _form, _bytes) = (context.Ops, form, context.Bytes);
        _codebook = _ops.Cast(codebook, DataType.Float);
        _lowWidth = CodeLayout.PlaneWidth(form.Bits, 0);
        _highWidth = form.Bits - _lowWidth;
    }

    private bool HasTwoPlanes => _highWidth > 0;

    /// <summary>
    /// How many codes lie in a byte of the narrowest plane; position j holds the columns from j·m of each group.
    /// </summary>
    private int Positions => 8 / (HasTwoPlanes ? _highWidth : _lowWidth);

    /// <summary>
    /// How many equal parts the bytes of the low plane fall into, each as long as the high plane: a code's low bits are
    /// in part q = position mod Q.
    /// </summary>
    private int Parts => HasTwoPlanes ? _lowWidth / _highWidth : 1;

    /// <summary>Two taps share one table over pairs of bytes where that saves memory.</summary>
    private int TapsPerTable => !HasTwoPlanes && _form.Bits <= 4 ? 2 : 1;

    /// <summary>
    /// Entries of a table for one part: what a byte, a low and a high byte, or the bytes of two rows can be.
    /// </summary>
    private int Entries(int tap) =>
        HasTwoPlanes ? (256 * 256) + Ends
        : TapsOf(tap) == 2 ? (256 + Ends) * (256 + Ends)
        : 256 + Ends;

    /// <summary>One more entry for rows above the first, where there are taps that reach there.</summary>
    private int Ends => _form.Taps > 1 ? 1 : 0;

    /// <summary>
    /// Whether tables hold parts of a window's index, which are summed before the window table is read.
    /// </summary>
    private bool IsWindowSum => _form.IsWindow && _form.Taps > TapsPerTable;

    /// <summary>code [K, G·g], float32, from the blob [G, K, b·g/8].</summary>
    public string Decode(string blob)
    {
        string index = Index(_ops.Transpose(blob, 1, 0, 2));
        List<string> terms = [];
        for (int tap = 0; tap < _form.Taps; tap += TapsPerTable)
        {
            terms.Add(_ops.Gather(Tables(tap), TableIndex(index, tap), 1));
        }

        // [P/Q, Q, K, G, m] to [K, G·P·m].
        string code = IsWindowSum ? _ops.Gather(_codebook, terms.Aggregate(_ops.Add), 0) : _ops.Sum(terms);
        return _ops.Reshape(_ops.Transpose(code, 2, 3, 0, 1, 4), 0, -1);
    }

    /// <summary>[Q, K, G, m]: bytes, or low byte + 256 · high byte for each part of the low plane.</summary>
    private string Index(string rows)
    {
        if (!HasTwoPlanes)
        {
            return _ops.Cast(_ops.Unsqueeze(rows), DataType.Int32);
        }

        string[] split = _ops.Split(rows, 2, Parts + 1);
        string low = _ops.Concat(0, Array.ConvertAll(split[..^1], _ops.Unsqueeze));
        string high = _ops.Mul(_ops.Cast(split[^1], DataType.Int32), _ops.Int32(256));
        return _ops.Add(_ops.Cast(low, DataType.Int32), high);
    }

    /// <summary>The index into the tables that start at a tap: one tap's index, or two taps' joined.</summary>
    private string TableIndex(string index, int tap)
    {
        string joined = Delay(index, tap);
        if (TapsOf(tap) == 2)
        {
            joined = _ops.Add(joined, _ops.Mul(Delay(index, tap + 1), _ops.Int32(NoRow + 1)));
        }

        if (Parts == 1)
        {
            return joined;
        }

        long[] first = [.. Enumerable.Range(0, Parts).Select(part => (long)part * Entries(tap))];
        return _ops.Add(joined, _ops.Reshape(_ops.Int32(first), -1, 1, 1, 1));
    }

    private int TapsOf(int tap) => Math.Min(TapsPerTable, _form.Taps - tap);

    /// <summary>Row k becomes row k - tap; rows above the first get the index that is looked up as zero.</summary>
    private string Delay(string index, int tap)
    {
        if (tap == 0)
        {
            return index;
        }

        int none = HasTwoPlanes ? NoRow * 256 : NoRow;
        return _form.HasFewRows ? _ops.DelayByConcat(index, tap, none) : _ops.Delay(index, tap, none);
    }

    /// <summary>
    /// [P/Q, Q · entries]: what the taps of a table add, for every position of a byte and every index.
    /// </summary>
    private string Tables(int tap)
    {
        string tables = TapValues(tap);
        if (TapsOf(tap) == 2)
        {
            string next = _ops.Reshape(TapValues(tap + 1), Positions, -1, 1);
            tables = _ops.Add(next, _ops.Reshape(tables, Positions, 1, -1));
        }

        tables = _ops.Reshape(tables, Positions / Parts, -1);
        if (!_form.IsWindow)
        {
            return tables;
        }

        string index = _ops.Cast(tables, DataType.Int32);
        return IsWindowSum ? index : _ops.Gather(_codebook, index, 0);
    }

    /// <summary>
    /// [P, entries]: what one tap adds for each index, with a zero at the end for rows above the first.
    /// </summary>
    private string TapValues(int tap)
    {
        string values = _form.IsWindow
            ? _ops.Mul(Codes(), _ops.Scalar(1 << (_form.Bits * tap)))
            : _ops.Gather(CodebookRow(tap), CodeIndex(), 0);
        return Ends == 0
            ? values
            : _ops.Concat(1, [values, _zeros ??= _ops.Floats(new float[Positions], Positions, 1)]);
    }

    private string CodebookRow(int tap) => _ops.Reshape(_ops.Slice(_codebook, 0, tap, tap + 1), -1);

    private string CodeIndex() => _codeIndex ??= _ops.Cast(Codes(), DataType.Int32);

    /// <summary>[P, 256] or [P, 65536]: the code that an index holds at each position.</summary>
    private string Codes()
    {
        if (_codes is null)
        {
            string low = _bytes.Codes(_lowWidth);
            if (HasTwoPlanes)
            {
                string high = _ops.Mul(_bytes.Codes(_highWidth), _ops.Scalar(1 << _lowWidth));
                string both = _ops.Add(_ops.Reshape(low, -1, 1, 1, 256), _ops.Reshape(high, -1, Parts, 256, 1));
                low = _ops.Reshape(both, Positions, -1);
            }

            _codes = low;
        }

        return _codes;
    }
}
