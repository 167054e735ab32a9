using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.MixedBits;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// Codes of several widths for look-ups in fixed point. Groups share the tables of inputs in the middle of their
/// sections, which are made beforehand, for each band from the first such input of any group to the last. Immutable.
/// </summary>
internal sealed class FixedBands
{
    private readonly FixedCodes?[] _codes;
    private readonly FixedTables?[] _tables;
    private readonly int[] _firstBlocks;
    private readonly int[] _unitStarts;
    private readonly long[] _byteStarts;

    /// <summary>Takes codes of which every band can be looked up.</summary>
    public FixedBands(Avx2MixedCodes codes)
    {
        Codes = codes.Codes;
        int count = Codes.Bands.Count;
        _codes = [
            .. Enumerable.Range(0, count).Select(band => codes.Band(band) is { } one ? new FixedCodes(one) : null)];
        _tables = [.. _codes.Select(one => one is null ? null : new FixedTables(one))];
        IndexBytes = _codes.Max(one => one?.IndexBytes ?? 0);
        StripsOfGroup = _codes.Max(one => one?.Strips ?? 0);
        _firstBlocks = new int[count];
        _unitStarts = new int[count + 1];
        _byteStarts = new long[count + 1];
        for (int band = 0; band < count; band++)
        {
            (int first, int end) = BlocksOf(band);
            _firstBlocks[band] = first;
            _unitStarts[band + 1] = _unitStarts[band] + end - first;
            _byteStarts[band + 1] = _byteStarts[band] + ((long)(end - first) * (_tables[band]?.BlockBytes ?? 0));
        }
    }

    /// <summary>The codes, sections and all.</summary>
    public BandedCodes Codes { get; }

    /// <summary>Blocks of inputs of all bands: units of a row.</summary>
    public int Units => _unitStarts[^1];

    /// <summary>Bytes of the tables of a row.</summary>
    public long TableBytes => _byteStarts[^1];

    /// <summary>Bytes of the indices of a block of inputs of one strip.</summary>
    public int IndexBytes { get; }

    /// <summary>Strips of 128 columns or fewer of a group.</summary>
    public int StripsOfGroup { get; }

    /// <summary>A band's codes.</summary>
    public FixedCodes Band(int band) => _codes[band]!;

    /// <summary>What writes a band's tables.</summary>
    public FixedTables Tables(int band) => _tables[band]!;

    /// <summary>Where the unit of a band's block of inputs stands in a row.</summary>
    public int Unit(int band, int block) => _unitStarts[band] + block - _firstBlocks[band];

    /// <summary>Where the tables of a band's block of inputs stand in a row.</summary>
    public long Bytes(int band, int block) =>
        _byteStarts[band] + ((long)(block - _firstBlocks[band]) * Tables(band).BlockBytes);

    /// <summary>The band and the block of inputs of a unit.</summary>
    public (int Band, int Block) At(int unit)
    {
        int band = 0;
        while (unit >= _unitStarts[band + 1])
        {
            band++;
        }

        return (band, _firstBlocks[band] + unit - _unitStarts[band]);
    }

    /// <summary>
    /// The inputs of a section whose tables are shared: all of their taps lie in it, and they are whole pairs of
    /// look-ups. None where the first is not below the end.
    /// </summary>
    public (int First, int End) Middle(BandSection section)
    {
        FixedCodes codes = Band(section.Band);
        int step = codes.InputsOfStep;
        int first = (section.FirstRow + step - 1) / step * step;
        int end = Math.Max(section.FirstRow, section.EndRow - codes.Taps + 1) / step * step;
        return (first, Math.Max(first, end));
    }

    private (int First, int End) BlocksOf(int band)
    {
        (int first, int end) = (int.MaxValue, 0);
        for (int group = 0; group < Codes.Groups; group++)
        {
            foreach (BandSection section in Codes.Sections(group))
            {
                if (section.Band == band && Middle(section) is var middle && middle.First < middle.End)
                {
                    first = Math.Min(first, middle.First / FixedTables.BlockInputs);
                    end = Math.Max(end, ((middle.End - 1) / FixedTables.BlockInputs) + 1);
                }
            }
        }

        return end == 0 ? (0, 0) : (first, end);
    }
}
