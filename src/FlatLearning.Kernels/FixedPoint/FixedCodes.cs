using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Lut;
using FourParts = FlatLearning.Kernels.FixedPoint.FixedSums<
    FlatLearning.Kernels.FixedPoint.ByteLanes256,
    System.Runtime.Intrinsics.Vector256<byte>,
    FlatLearning.Kernels.FixedPoint.ByteIndices<
        FlatLearning.Kernels.FixedPoint.ByteLanes256, System.Runtime.Intrinsics.Vector256<byte>>,
    FlatLearning.Kernels.Four>;
using InPlace = FlatLearning.Kernels.FixedPoint.FixedSums<
    FlatLearning.Kernels.FixedPoint.ByteLanes256,
    System.Runtime.Intrinsics.Vector256<byte>,
    FlatLearning.Kernels.FixedPoint.NibbleIndices<
        FlatLearning.Kernels.FixedPoint.ByteLanes256, System.Runtime.Intrinsics.Vector256<byte>>,
    FlatLearning.Kernels.One>;
using OnePart = FlatLearning.Kernels.FixedPoint.FixedSums<
    FlatLearning.Kernels.FixedPoint.ByteLanes256,
    System.Runtime.Intrinsics.Vector256<byte>,
    FlatLearning.Kernels.FixedPoint.ByteIndices<
        FlatLearning.Kernels.FixedPoint.ByteLanes256, System.Runtime.Intrinsics.Vector256<byte>>,
    FlatLearning.Kernels.One>;
using TwoParts = FlatLearning.Kernels.FixedPoint.FixedSums<
    FlatLearning.Kernels.FixedPoint.ByteLanes256,
    System.Runtime.Intrinsics.Vector256<byte>,
    FlatLearning.Kernels.FixedPoint.ByteIndices<
        FlatLearning.Kernels.FixedPoint.ByteLanes256, System.Runtime.Intrinsics.Vector256<byte>>,
    FlatLearning.Kernels.Two>;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// Codes of one width, up to 6 bits, as indices of look-ups in fixed point, a strip of 128 columns at a time: a group
/// of that width, or four blocks of 32 columns of others. Immutable.
/// </summary>
internal sealed unsafe class FixedCodes
{
    /// <summary>Columns of a strip.</summary>
    public const int StripColumns = StripBlocks * Block;

    /// <summary>Blocks of a strip.</summary>
    public const int StripBlocks = 4;

    /// <summary>Columns of a block.</summary>
    public const int Block = Avx2BytePlanes.Block;

    private const int Entries = 16;

    private readonly Avx2LutCodes _codes;

    /// <summary>Takes codes.</summary>
    public FixedCodes(Avx2LutCodes codes)
    {
        _codes = codes;
        Parts = Math.Max(1, (1 << codes.Bits) / Entries);
        InputsOfLookUp = codes.Bits <= 2 ? 2 : 1;
    }

    /// <summary>Columns and groups.</summary>
    public CodeLayout Layout => _codes.Layout;

    /// <summary>Blocks of 32 columns of a group.</summary>
    public int BlocksOfGroup => _codes.BlocksOfGroup;

    /// <summary>Blocks of all groups.</summary>
    public int Blocks => Layout.Groups * BlocksOfGroup;

    /// <summary>b.</summary>
    public int Bits => _codes.Bits;

    /// <summary>T.</summary>
    public int Taps => _codes.Taps;

    /// <summary>Parts of 16 entries that a table has: 1, 2 or 4.</summary>
    public int Parts { get; }

    /// <summary>Inputs whose codes make one index: two of 2 bits, else one.</summary>
    public int InputsOfLookUp { get; }

    /// <summary>The codebook, [taps, entries of a table].</summary>
    public float[] Codebook => _codes.Codebook;

    /// <summary>Inputs of a pair of look-ups.</summary>
    public int InputsOfStep => 2 * InputsOfLookUp;

    /// <summary>Bytes of the indices of a block of inputs of one strip, and of what makes them.</summary>
    public int IndexBytes => (FixedTables.BlockInputs + InputsOfStep) * Parts * StripColumns;

    /// <summary>Whether a strip's packed codes are indices but for a shift: groups of 128 codes of 4 bits.</summary>
    public bool IsInPlace => Bits == 4 && Layout.GroupWidth == StripColumns;

    /// <summary>Strips of all columns.</summary>
    public int Strips => (Blocks + StripBlocks - 1) / StripBlocks;

    /// <summary>Pairs of blocks of a strip.</summary>
    public int PairsOf(int strip) => Math.Min(2, (Blocks - (strip * StripBlocks) + 1) / 2);

    /// <summary>Pairs of look-ups of so many inputs.</summary>
    public int StepsOf(int inputs) => (inputs + InputsOfStep - 1) / InputsOfStep;

    /// <summary>
    /// Writes the indices of some inputs of a strip; one that fills the last pair of look-ups has code 0.
    /// </summary>
    /// <param name="strip">The strip; blocks beyond the last repeat it.</param>
    /// <param name="row">The first input.</param>
    /// <param name="inputs">1 to <see cref="FixedTables.BlockInputs"/>.</param>
    /// <param name="index">[steps, 2, parts, 128].</param>
    public void WriteIndices(int strip, int row, int inputs, byte* index)
    {
        int lookUps = (inputs + InputsOfLookUp - 1) / InputsOfLookUp;
        if (Layout.GroupWidth == StripColumns)
        {
            fixed (byte* blob = _codes.Packed.Bytes.Span)
            {
                byte* from = blob + Layout.Offset(strip, row);
                switch (Bits)
                {
                    case 2: FixedIndices.TwoBits(from, inputs, index); break;
                    case 3: FixedIndices.ThreeBits(from, inputs, index); break;
                    case 4: FixedIndices.FourBits(from, inputs, index); break;
                    case 5: FixedIndices.FiveBits(from, inputs, index); break;
                    default: FixedIndices.SixBits(from, inputs, index); break;
                }
            }
        }
        else
        {
            for (int i = 0; i < PairsOf(strip) * 2; i++)
            {
                int block = Math.Min((strip * StripBlocks) + i, Blocks - 1);
                WriteBlock(block / BlocksOfGroup, row, block % BlocksOfGroup, inputs, index + (i * Block));
            }
        }

        for (int i = lookUps * Parts; i < 2 * StepsOf(inputs) * Parts; i++)
        {
            // Code 0: in the first part, and in no other.
            new Span<byte>(index + (i * StripColumns), StripColumns).Fill(i % Parts == 0 ? (byte)0 : (byte)0x80);
        }
    }

    /// <summary>What packed codes of a strip find, see <see cref="IsInPlace"/>.</summary>
    /// <param name="strip">The strip.</param>
    /// <param name="row">The first input.</param>
    /// <param name="tables">Tables of the inputs.</param>
    /// <param name="steps">Pairs of inputs.</param>
    /// <param name="unit">What a whole number stands for.</param>
    /// <param name="sums">[128].</param>
    public void AddInPlace(int strip, int row, byte* tables, int steps, float unit, float* sums)
    {
        nint stride = Layout.BytesPerRow;
        fixed (byte* blob = _codes.Packed.Bytes.Span)
        {
            byte* from = blob + Layout.Offset(strip, row);
            InPlace.Add(from, stride, tables, steps, unit, sums, sums + (2 * Block));
            InPlace.Add(from + Block, stride, tables, steps, unit, sums + Block, sums + (3 * Block));
        }
    }

    /// <summary>What a strip finds, by way of its indices.</summary>
    /// <param name="strip">The strip.</param>
    /// <param name="index">See <see cref="WriteIndices"/>.</param>
    /// <param name="tables">Tables of the inputs.</param>
    /// <param name="steps">Pairs of look-ups.</param>
    /// <param name="unit">What a whole number stands for.</param>
    /// <param name="sums">[128].</param>
    public void Add(int strip, byte* index, byte* tables, int steps, float unit, float* sums)
    {
        for (int pair = 0; pair < PairsOf(strip); pair++, index += 2 * Block, sums += 2 * Block)
        {
            switch (Parts)
            {
                case 1: OnePart.Add(index, StripColumns, tables, steps, unit, sums, sums + Block); break;
                case 2: TwoParts.Add(index, StripColumns, tables, steps, unit, sums, sums + Block); break;
                default: FourParts.Add(index, StripColumns, tables, steps, unit, sums, sums + Block); break;
            }
        }
    }

    /// <summary>Asks for the codes of a block of inputs of a strip, as far as they lie in one piece.</summary>
    public void Prefetch(int strip, int row)
    {
        const int Line = 64;
        int bytes = Math.Min(FixedTables.BlockInputs, Layout.Rows - row) * Layout.BytesPerRow;
        if (Layout.GroupWidth == StripColumns && bytes > 0)
        {
            fixed (byte* blob = _codes.Packed.Bytes.Span)
            {
                byte* from = blob + Layout.Offset(strip, row);
                for (int i = 0; i < bytes; i += Line)
                {
                    Sse.Prefetch0(from + i);
                }
            }
        }
    }

    // By way of a byte per code.
    private void WriteBlock(int group, int row, int block, int inputs, byte* index)
    {
        int stride = StripColumns * Parts;
        _codes.Unpack(group, row, block, inputs, index, stride);
        for (int i = 0; i < inputs && Parts > 1; i++)
        {
            byte* at = index + (i * stride);
            Vector256<byte> code = Vector256.Load(at);
            if (Parts == 2)
            {
                // The fifth bit to the top, without those below.
                FixedIndices.Two(code + Vector256.Create((byte)0x70), at);
            }
            else
            {
                FixedIndices.Four(code, at);
            }
        }

        for (int i = 0; i < inputs && InputsOfLookUp == 2; i += 2)
        {
            byte* second = index + ((i + 1) * stride);
            if (i + 1 == inputs)
            {
                Vector256<byte>.Zero.Store(second);
            }

            FixedIndices.Join(index + (i * stride), second, index + (i / 2 * stride));
        }
    }
}
