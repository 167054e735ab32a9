using System.Runtime.InteropServices;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;
using FlatLearning.Numerics;

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// Turns the attributes and constant inputs of a <c>DynMatMul</c> node into a checked <see cref="DynWeight"/>. The one
/// gate for untrusted files: kernel, inspection and restoring all come through here. Packed blobs are not copied.
/// </summary>
public static class DynWeightReader
{
    /// <summary>
    /// Reads and checks a node. Throws <see cref="DynFormatException"/> with one sentence for anything the
    /// specification rejects.
    /// </summary>
    /// <param name="attributes">The node's attributes.</param>
    /// <param name="input">The constant input at a position, null where it is absent.</param>
    /// <param name="workers">The threads that decode entropy-coded codes; by default the caller's alone.</param>
    public static DynWeight Read(
        DynAttributes attributes, Func<DynInput, ConstantTensor?> input, IWorkers? workers = null)
    {
        CheckRanges(attributes);
        int rows = (int)attributes.Rows;
        int columns = (int)attributes.Columns;
        if (attributes.Storage == StorageKinds.Entropy)
        {
            RequireAbsent(
                input, "storage is entropy", DynInput.Codebook, DynInput.RowScale, DynInput.ColumnScale,
                DynInput.Bands, DynInput.SparseGaps, DynInput.SparseValues);
            EntropyCodes coded = new(new EntropyStream(Stream(input), rows, columns), workers);
            return new DynWeight(rows, columns, null, null, Terms(coded, ReadMetric(attributes, input), null));
        }

        if (!attributes.HasBands)
        {
            RequireAbsent(input, "band_bits is absent", DynInput.Bands);
        }

        WeightTerm? codes = null;
        if (attributes.HasBands)
        {
            codes = new MixedCodes(BandReader.Read(attributes, input));
        }
        else if (attributes.Bits > 0)
        {
            PackedCodes packed = Packed(input, DynInput.Codes, rows, columns, (int)attributes.Bits);
            codes = new UniformCodes(
                packed,
                new Codebook(Parameters(input, DynInput.Codebook), (int)attributes.Bits, (int)attributes.Taps));
        }
        else
        {
            RequireAbsent(input, "bits is 0", DynInput.Codes, DynInput.Codebook);
        }

        return new DynWeight(
            rows,
            columns,
            OptionalParameters(input, DynInput.RowScale),
            OptionalParameters(input, DynInput.ColumnScale),
            Terms(codes, ReadMetric(attributes, input), ReadSparse(input, rows, columns)));
    }

    private static WeightTerm[] Terms(WeightTerm? codes, Metric? metric, SparseElements? sparse)
    {
        WeightTerm?[] terms =
            [codes, metric is null ? null : new MetricTerm(metric), sparse is null ? null : new SparseTerm(sparse)];
        return [.. terms.OfType<WeightTerm>()];
    }

    private static SparseElements? ReadSparse(Func<DynInput, ConstantTensor?> input, int rows, int columns)
    {
        ParameterTensor? values = OptionalParameters(input, DynInput.SparseValues);
        if (values is null)
        {
            RequireAbsent(input, "sparse_values is not", DynInput.SparseGaps);
            return null;
        }

        ConstantTensor gaps = input(DynInput.SparseGaps) ?? throw Missing(DynInput.SparseGaps);
        int size = gaps.ElementType switch
        {
            ConstantTensor.UInt8 => 1,
            ConstantTensor.UInt16 => 2,
            _ =>
                throw new DynFormatException(
                    $"input {Name(DynInput.SparseGaps)} has element type {gaps.ElementType}, expected uint8 "
                        + $"({ConstantTensor.UInt8}) or uint16 ({ConstantTensor.UInt16})"),
        };
        if (gaps.Shape.Length != 1 || gaps.Shape[0] * size != gaps.Bytes.Length)
        {
            throw new DynFormatException(
                $"input {Name(DynInput.SparseGaps)} has the shape [{string.Join(", ", gaps.Shape)}] and "
                    + $"{gaps.Bytes.Length} bytes, expected rank 1");
        }

        return new SparseElements(rows, columns, gaps.Bytes, size, values);
    }

    private static Metric? ReadMetric(DynAttributes attributes, Func<DynInput, ConstantTensor?> input)
    {
        if (attributes.Metric == MetricKinds.None)
        {
            RequireAbsent(
                input, "metric is none", DynInput.RowStates, DynInput.ColumnStates, DynInput.StateRange,
                DynInput.MetricParameters);
            return null;
        }

        int coordinates = (int)(attributes.StateDim * attributes.Heads);
        int bits = (int)attributes.StateBits;
        MetricStates states = new(
            Packed(input, DynInput.RowStates, coordinates, (int)attributes.Rows, bits),
            Packed(input, DynInput.ColumnStates, coordinates, (int)attributes.Columns, bits),
            Parameters(input, DynInput.StateRange));
        Metric metric = MetricKinds.Create(
            attributes.Metric, states, Parameters(input, DynInput.MetricParameters), (int)attributes.Heads,
            (int)attributes.Shifts, (int)attributes.Width);
        if (metric.Heads != attributes.Heads)
        {
            throw new DynFormatException(
                $"attribute heads is {attributes.Heads}, metric_parameters imply {metric.Heads}");
        }

        return metric;
    }

    private static void CheckRanges(DynAttributes a)
    {
        Range(a.SchemaVersion, DynOperator.SchemaVersion, DynOperator.SchemaVersion, DynAttributes.SchemaVersionName);
        Range(a.Rows, 1, int.MaxValue, "shape[0]");
        Range(a.Columns, 1, int.MaxValue, "shape[1]");
        Range(a.Rows * a.Columns, 1, DynWeight.MaxElements - 1, "shape[0] * shape[1]");
        if (a.Bits is not (0 or 2 or 3 or 4 or 5 or 6 or 8))
        {
            throw new DynFormatException($"attribute bits is {a.Bits}, expected 0, 2, 3, 4, 5, 6 or 8");
        }

        if (a.Storage is not (StorageKinds.Packed or StorageKinds.Entropy))
        {
            throw new DynFormatException(
                $"attribute storage is {a.Storage}, expected {StorageKinds.Packed} or {StorageKinds.Entropy}");
        }

        if (a.Storage == StorageKinds.Entropy && (a.Bits != EntropyStream.CodeBits || a.Taps != 1))
        {
            throw new DynFormatException(
                $"attributes bits and taps are {a.Bits} and {a.Taps}, expected {EntropyStream.CodeBits} and 1 for "
                    + $"entropy storage");
        }

        if (a.HasBands && (a.Bits != 0 || a.Storage != StorageKinds.Packed))
        {
            throw new DynFormatException(
                $"attribute band_bits is there although bits is {a.Bits} and storage {a.Storage}, expected 0 and "
                    + $"{StorageKinds.Packed}");
        }

        Range(a.Taps, 1, a.Bits == 0 ? 1 : Codebook.MaxTaps, DynAttributes.TapsName);
        bool none = a.Metric == MetricKinds.None;
        bool riem = a.Metric == MetricKinds.Riem;
        if (!none && !MetricKinds.All.Contains(a.Metric))
        {
            throw MetricKinds.Unknown(a.Metric);
        }

        Range(a.StateBits, none ? 0 : 1, none ? 0 : 8, DynAttributes.StateBitsName);
        Range(a.StateDim, none ? 0 : 1, none ? 0 : Metric.MaxStateDim, DynAttributes.StateDimName);
        Range(a.Heads, none ? 0 : 1, none ? 0 : riem ? 1 : Metric.MaxHeads, DynAttributes.HeadsName);
        Range(a.StateDim * a.Heads, 0, Metric.MaxCoordinates, "state_dim * heads");
        Range(a.Shifts, riem ? 1 : 0, riem ? a.StateDim : 0, DynAttributes.ShiftsName);
        Range(a.Width, riem ? 1 : 0, riem ? Metric.MaxWidth : 0, DynAttributes.WidthName);
    }

    private static void Range(long value, long min, long max, string name)
    {
        if (value < min || value > max)
        {
            string expected = min == max ? $"{min}" : $"{min} to {max}";
            throw new DynFormatException($"attribute {name} is {value}, expected {expected}");
        }
    }

    private static ReadOnlyMemory<byte> Stream(Func<DynInput, ConstantTensor?> input)
    {
        ConstantTensor tensor = input(DynInput.Codes) ?? throw Missing(DynInput.Codes);
        if (tensor.ElementType != ConstantTensor.UInt8
            || tensor.Shape.Length != 1
            || tensor.Shape[0] != tensor.Bytes.Length)
        {
            throw new DynFormatException(
                $"input {Name(DynInput.Codes)} has element type {tensor.ElementType}, shape "
                    + $"[{string.Join(", ", tensor.Shape)}] and {tensor.Bytes.Length} bytes, expected uint8 "
                    + $"({ConstantTensor.UInt8}) of rank 1");
        }

        return tensor.Bytes;
    }

    private static PackedCodes Packed(
        Func<DynInput, ConstantTensor?> input, DynInput position, int rows, int columns, int bits)
    {
        ConstantTensor tensor = input(position) ?? throw Missing(position);
        if (tensor.ElementType != ConstantTensor.UInt8)
        {
            throw new DynFormatException(
                $"input {Name(position)} has element type {tensor.ElementType}, expected uint8 "
                    + $"({ConstantTensor.UInt8})");
        }

        return new PackedCodes(
            CodeLayout.FromShape(tensor.Shape, rows, columns, bits, $"input {Name(position)}"), tensor.Bytes);
    }

    /// <summary>A parameter tensor that must be there.</summary>
    internal static ParameterTensor Parameters(Func<DynInput, ConstantTensor?> input, DynInput position) =>
        OptionalParameters(input, position) ?? throw Missing(position);

    private static ParameterTensor? OptionalParameters(Func<DynInput, ConstantTensor?> input, DynInput position)
    {
        if (input(position) is not { } tensor)
        {
            return null;
        }

        bool isScale = position is DynInput.RowScale or DynInput.ColumnScale;
        if (tensor.ElementType is not (ConstantTensor.Float32 or ConstantTensor.Float16)
            && !(isScale && tensor.ElementType == ConstantTensor.UInt8))
        {
            throw new DynFormatException(
                $"input {Name(position)} has element type {tensor.ElementType}, expected float32 "
                    + $"(1){(isScale ? ", float16 (10) or uint8 (2)" : " or float16 (10)")}");
        }

        int size = tensor.ElementType switch
        {
            ConstantTensor.UInt8 => 1,
            ConstantTensor.Float16 => 2,
            _ => 4,
        };
        long count = tensor.Bytes.Length / size;

        // No parameter tensor is empty, so every dimension is 1 or more and none is above the number of values.
        long product = 1;
        foreach (long dimension in tensor.Shape)
        {
            product = dimension < 1 || dimension > count || product < 0
                ? -1
                : Math.Min(product * dimension, int.MaxValue);
        }

        if (product != count || tensor.Bytes.Length != count * size)
        {
            throw new DynFormatException(
                $"input {Name(position)} has the shape [{string.Join(", ", tensor.Shape)}] but "
                    + $"{tensor.Bytes.Length} bytes of data");
        }

        int[] shape = Array.ConvertAll(tensor.Shape, dimension => (int)dimension);

        try
        {
            return size switch
            {
                1 => new ParameterTensor(Scales(tensor.Bytes.Span), shape, ParameterType.Log8),
                2 => new ParameterTensor(ToSingle(tensor.Bytes.Span), shape, ParameterType.Float16),
                _ =>
                    new ParameterTensor(
                        MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span), shape, ParameterType.Float32),
            };
        }
        catch (DynFormatException exception)
        {
            throw new DynFormatException($"input {Name(position)}: {exception.Message}");
        }
    }

    private static float[] ToSingle(ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[bytes.Length / 2];
        HalfConverter.ToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        return values;
    }

    private static float[] Scales(ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[bytes.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = LogScale.Value(bytes[i]);
        }

        return values;
    }

    private static void RequireAbsent(
        Func<DynInput, ConstantTensor?> input, string reason, params ReadOnlySpan<DynInput> positions)
    {
        foreach (DynInput position in positions)
        {
            if (input(position) is not null)
            {
                throw new DynFormatException($"input {Name(position)} is present although {reason}");
            }
        }
    }

    /// <summary>The error of an input that is not there.</summary>
    internal static DynFormatException Missing(DynInput position) =>
        new($"input {Name(position)} is missing or not constant");

    /// <summary>The name of an input as the specification writes it.</summary>
    public static string Name(DynInput position) => position switch
    {
        DynInput.X => "x",
        DynInput.Codes => "codes",
        DynInput.Codebook => "codebook",
        DynInput.RowScale => "row_scale",
        DynInput.ColumnScale => "column_scale",
        DynInput.Bias => "bias",
        DynInput.RowStates => "row_states",
        DynInput.ColumnStates => "column_states",
        DynInput.StateRange => "state_range",
        DynInput.MetricParameters => "metric_parameters",
        DynInput.Bands => "bands",
        DynInput.SparseGaps => "sparse_gaps",
        DynInput.SparseValues => "sparse_values",
        _ => throw new ArgumentOutOfRangeException(nameof(position)),
    };
}
