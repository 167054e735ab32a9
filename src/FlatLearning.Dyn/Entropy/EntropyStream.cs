using System.Buffers.Binary;
using FlatLearning.Dyn.Layout;
using FlatLearning.Numerics;

namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// The entropy-coded codes of a K x N weight as the file holds them: section "Entropy-coded codes" of
/// <c>schemas/DynMatMul.md</c>. Decoding yields 8-bit codes, a uniform codebook and scales: one byte a weight in
/// memory.
/// </summary>
public sealed class EntropyStream
{
    /// <summary>Bits of a decoded code.</summary>
    public const int CodeBits = 8;

    /// <summary>
    /// No level costs less than log2(4096/4095) = 0.00035 bits, so that no stream holds more weights than this a byte.
    /// </summary>
    private const long MaxWeightsPerByte = 1 << 15;

    private readonly EntropyHeader _header;
    private readonly SlotTable _table;
    private readonly int _slices;
    private readonly int _firstPayload;

    /// <summary>Wraps a stream without copying it, and reads all but the levels.</summary>
    /// <param name="bytes">The stream; may lie in memory that somebody else owns.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <exception cref="DynFormatException">The stream is damaged or belongs to another shape.</exception>
    public EntropyStream(ReadOnlyMemory<byte> bytes, int rows, int columns)
    {
        (Bytes, Rows, Columns) = (bytes, rows, columns);
        ReadOnlySpan<byte> span = bytes.Span;
        _header = EntropyHeader.Read(span);
        if ((long)rows * columns > bytes.Length * MaxWeightsPerByte)
        {
            throw new DynFormatException(
                $"an entropy-coded stream of {bytes.Length} bytes cannot hold {rows} x {columns} weights");
        }

        _slices = (int)(((long)columns + _header.SliceColumns - 1) / _header.SliceColumns);
        int lags = _header.Lags * RowPrediction.BytesPerLag;
        long first = EntropyHeader.Length + lags + ((long)_slices * sizeof(int)) + _header.SideBytes;
        long total = first;
        for (int slice = 0; slice < _slices && total <= bytes.Length; slice++)
        {
            total += PayloadLength(slice);
        }

        if (total != bytes.Length)
        {
            throw new DynFormatException(
                $"an entropy-coded stream of {bytes.Length} bytes says that it has {total}; the file is damaged");
        }

        _firstPayload = (int)first;
        Prediction = RowPrediction.Read(span.Slice(EntropyHeader.Length, lags), _header.Lags);
        Fields = EntropyFields.Read(span.Slice(_firstPayload - _header.SideBytes, _header.SideBytes), rows, columns);
        _table = SlotTable.Of(_header.Shape, Fields);
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>The stream.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Bytes in the file.</summary>
    public long ByteLength => Bytes.Length;

    /// <summary>The weight's step.</summary>
    public float Step => _header.Step;

    /// <summary>Scale classes and steps of rows and columns.</summary>
    public EntropyFields Fields { get; }

    /// <summary>How levels are predicted from rows above.</summary>
    public RowPrediction Prediction { get; }

    /// <summary>Bytes that say something of rows: their classes and steps.</summary>
    public long RowBytes => (Fields with { ColumnClasses = [], ColumnSteps = [] }).Write().Length;

    /// <summary>Independent pieces of the stream.</summary>
    public int Slices => _slices;

    /// <summary>The layout of the decoded codes.</summary>
    public CodeLayout Layout => new(Rows, Columns, CodeBits, CodeLayout.ChooseGroupWidth(Columns));

    /// <summary>The codebook of the decoded codes: code z is (z - 128) times the step.</summary>
    public Codebook Codebook()
    {
        float[] values = new float[1 << CodeBits];
        for (int z = 0; z < values.Length; z++)
        {
            values[z] = (z - SliceDecoder.CodeOffset) * Step;
        }

        return new Codebook(new ParameterTensor(values, [1, values.Length], ParameterType.Float32), CodeBits, 1);
    }

    /// <summary>rho [K], or null where all rows have the weight's own step.</summary>
    public ParameterTensor? RowScale() => Fields.HasRowSteps ? Scale(Fields.RowSteps) : null;

    /// <summary>gamma [N].</summary>
    public ParameterTensor ColumnScale() => Scale(Fields.ColumnSteps);

    /// <summary>Decodes the codes, slices in parallel where there are several.</summary>
    /// <param name="workers">The threads to decode on; by default the caller's alone.</param>
    /// <exception cref="DynFormatException">The stream is damaged.</exception>
    public PackedCodes Decode(IWorkers? workers = null) =>
        Decode(
            workers ?? ThreadWorkers.Single,
            VectorSliceDecoder.IsSupported ? EntropyDecoding.Vector : EntropyDecoding.Reference);

    /// <summary>Decodes the codes by the given decoder; both give the same bytes.</summary>
    /// <inheritdoc cref="Decode(IWorkers)"/>
    /// <param name="decoding">The decoder.</param>
    public PackedCodes Decode(IWorkers workers, EntropyDecoding decoding)
    {
        CodeLayout layout = Layout;
        if (layout.ByteLength > Array.MaxLength)
        {
            throw new DynFormatException(
                $"the entropy-coded weight decodes to {layout.ByteLength} bytes, expected less than 2 GB");
        }

        byte[] codes = new byte[layout.ByteLength];
        int[] offsets = new int[_slices];
        for (int slice = 0, next = _firstPayload; slice < _slices; slice++)
        {
            offsets[slice] = next;
            next += PayloadLength(slice);
        }

        workers.For(_slices, DecodeSlice);
        return new PackedCodes(layout, codes);

        void DecodeSlice(int slice)
        {
            ReadOnlySpan<byte> payload = Bytes.Span.Slice(offsets[slice], PayloadLength(slice));
            if (decoding == EntropyDecoding.Vector)
            {
                new VectorSliceDecoder(_header, Fields, Prediction, _table).Decode(
                    payload, slice * _header.SliceColumns, layout, codes);
            }
            else
            {
                new SliceDecoder(_header, Fields, Prediction, _table).Decode(
                    payload, slice * _header.SliceColumns, layout, codes);
            }
        }
    }

    // A negative length (as a damaged file may hold) is longer than any stream.
    private int PayloadLength(int slice)
    {
        int position = EntropyHeader.Length + (_header.Lags * RowPrediction.BytesPerLag) + (slice * sizeof(int));
        uint length = position + sizeof(int) <= Bytes.Length
            ? BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Span[position..])
            : uint.MaxValue;
        return (int)Math.Min(length, int.MaxValue);
    }

    private static ParameterTensor Scale(int[] halves) =>
        new(Array.ConvertAll(halves, EntropyFields.Factor), [halves.Length], ParameterType.Float32);
}
