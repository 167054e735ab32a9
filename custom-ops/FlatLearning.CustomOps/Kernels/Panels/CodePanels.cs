using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.CustomOps.Kernels.Codes;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.CustomOps.Kernels.Panels;

/// <summary>
/// Panels of a weight without a metric whose codes go through a sum of tables: 64 columns or fewer per part, decoded from the packed codes where
/// they lie, or by way of one byte per code where the group's width does not suit the registers.
/// </summary>
internal sealed unsafe class CodePanels : PanelSource
{
    private const int MostBlocks = 4;
    private const int MostInputs = MostFloats / CodePlanes.Block;

    private readonly PackedCodes _packed;
    private readonly CodeTable _table;
    private readonly CodePlanes? _planes;
    private readonly float[]? _rowScale;
    private readonly int _blocks;
    private readonly int _partsOfGroup;

    private CodePanels(DynWeight weight)
    {
        _packed = weight.Codes!;
        _table = new CodeTable(weight.Codebook!);
        _planes = CodePlanes.TryCreate(_packed.Layout);
        _rowScale = weight.RowScale?.Values;
        _blocks = (Math.Min(_packed.Layout.GroupWidth, weight.Columns) + CodePlanes.Block - 1) / CodePlanes.Block;
        _partsOfGroup = (_blocks + MostBlocks - 1) / MostBlocks;
    }

    /// <inheritdoc/>
    public override int Parts => _packed.Layout.Groups * _partsOfGroup;

    /// <inheritdoc/>
    public override int ScratchBytes => _planes is null ? (MostInputs + Codebook.MaxTaps) * PaddedWidth : 0;

    private int PaddedWidth => (_packed.Layout.GroupWidth + CodePlanes.Block - 1) / CodePlanes.Block * CodePlanes.Block;

    /// <summary>The panels, or null where weight or processor do not suit.</summary>
    public static CodePanels? TryCreate(DynWeight weight) =>
        Avx2.IsSupported && weight.Metric is null && weight.Codebook is { IsWindow: false } ? new CodePanels(weight) : null;

    /// <inheritdoc/>
    public override PanelPart Part(int part)
    {
        (int group, int place) = (part / _partsOfGroup, part % _partsOfGroup);
        int first = place * _blocks / _partsOfGroup * CodePlanes.Block;
        int end = (place + 1) * _blocks / _partsOfGroup * CodePlanes.Block;
        int columns = Math.Min(_packed.Layout.GroupWidth, _packed.Layout.Columns - (group * _packed.Layout.GroupWidth));
        int count = Math.Max(0, Math.Min(end, columns) - first);
        return new PanelPart(group, first, count, (count + CodePlanes.Block - 1) / CodePlanes.Block * CodePlanes.Block);
    }

    /// <inheritdoc/>
    public override void Decode(PanelPart part, int firstInput, int inputs, float* panel, byte* scratch)
    {
        int before = Math.Min(_table.Taps - 1, firstInput);
        fixed (byte* packed = _packed.Bytes.Span)
        fixed (float* table = _table.Values, scales = _rowScale)
        {
            float* scale = scales is null ? null : scales + firstInput;
            byte* codes = packed + _packed.Layout.Offset(part.Group, firstInput);
            if (_planes is null)
            {
                codes = Unpack(part.Group, firstInput - before, before + inputs, scratch) + (before * PaddedWidth);
            }

            for (int i = 0; i < part.Width; i += CodePlanes.Block)
            {
                DecodeBlock(Block(codes, part.First + i), before, table, scale, inputs, panel + i, part.Width);
            }
        }
    }

    private CodeBlock Block(byte* codes, int column) => _planes is { } planes
        ? new CodeBlock(
            (nint)codes + planes.FirstByte(column),
            (nint)codes + planes.SecondByte(column),
            planes.FirstShift(column),
            planes.SecondRotation(column),
            planes.FirstMask,
            _packed.Layout.BytesPerRow)
        : new CodeBlock((nint)codes + column, 0, 0, 0, 0, PaddedWidth);

    private byte* Unpack(int group, int firstInput, int inputs, byte* target)
    {
        CodeLayout layout = _packed.Layout;
        ReadOnlySpan<byte> all = _packed.Bytes.Span;
        for (int k = 0; k < inputs; k++)
        {
            ReadOnlySpan<byte> row = all.Slice((int)layout.Offset(group, firstInput + k), layout.BytesPerRow);
            Span<byte> codes = new(target + (k * PaddedWidth), PaddedWidth);
            CodeUnpacker.UnpackRow(row, layout.Bits, codes[..layout.GroupWidth]);

            // Any code will do here, but it must be one.
            codes[layout.GroupWidth..].Clear();
        }

        return target;
    }

    private void DecodeBlock(CodeBlock block, int before, float* table, float* scale, int inputs, float* target, int stride)
    {
        bool two = _planes is { HasSecond: true };
        switch (_table.Bits)
        {
            case 2:
                Decode<One, Eight>(block, before, table, scale, inputs, target, stride);
                break;
            case 3 when two:
                Decode<Two, Eight>(block, before, table, scale, inputs, target, stride);
                break;
            case 3:
                Decode<One, Eight>(block, before, table, scale, inputs, target, stride);
                break;
            case 4:
                Decode<One, Sixteen>(block, before, table, scale, inputs, target, stride);
                break;
            case 5 when two:
                Decode<Two, ThirtyTwo>(block, before, table, scale, inputs, target, stride);
                break;
            case 5:
                Decode<One, ThirtyTwo>(block, before, table, scale, inputs, target, stride);
                break;
            case 6 when two:
                Decode<Two, SixtyFour>(block, before, table, scale, inputs, target, stride);
                break;
            case 6:
                Decode<One, SixtyFour>(block, before, table, scale, inputs, target, stride);
                break;
            default:
                Decode<One, TwoHundredFiftySix>(block, before, table, scale, inputs, target, stride);
                break;
        }
    }

    private void Decode<TPlanes, TLength>(CodeBlock block, int before, float* table, float* scale, int inputs, float* target, int stride)
        where TPlanes : unmanaged, ICount
        where TLength : unmanaged, ICount
    {
        if (Avx512F.IsSupported)
        {
            BlockDecoder<CodeLanes512, Lanes512, Vector512<int>, Vector512<float>, TPlanes, TLength>.Decode(
                block, before, table, _table.Stride, _table.Taps, scale, inputs, target, stride);
            return;
        }

        for (int half = 0; half < CodePlanes.Block; half += Vector256<float>.Count)
        {
            BlockDecoder<CodeLanes256, Lanes256, Vector256<int>, Vector256<float>, TPlanes, TLength>.Decode(
                block.Right(half), before, table, _table.Stride, _table.Taps, scale, inputs, target + half, stride);
        }
    }
}
