using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>Column groups cut into parts of 64 columns or fewer, nearly equal ones.</summary>
internal readonly struct GroupParts
{
    private const int MaxBlocks = 4;

    private readonly int _columns;
    private readonly int _groupWidth;
    private readonly int _blocks;
    private readonly int _partsOfGroup;

    /// <summary>Cuts.</summary>
    /// <param name="columns">N.</param>
    /// <param name="groupWidth">g.</param>
    public GroupParts(int columns, int groupWidth)
    {
        (_columns, _groupWidth) = (columns, groupWidth);
        _blocks = (Math.Min(groupWidth, columns) + CodePlanes.Block - 1) / CodePlanes.Block;
        _partsOfGroup = (_blocks + MaxBlocks - 1) / MaxBlocks;
        Count = (columns + groupWidth - 1) / groupWidth * _partsOfGroup;
    }

    /// <summary>Parts of all groups.</summary>
    public int Count { get; }

    /// <summary>Where a part lies; the last group may have parts of no columns.</summary>
    public PanelPart Part(int part)
    {
        (int group, int place) = (part / _partsOfGroup, part % _partsOfGroup);
        int first = place * _blocks / _partsOfGroup * CodePlanes.Block;
        int end = (place + 1) * _blocks / _partsOfGroup * CodePlanes.Block;
        int columns = Math.Min(_groupWidth, _columns - (group * _groupWidth));
        int count = Math.Max(0, Math.Min(end, columns) - first);
        int width = (count + CodePlanes.Block - 1) / CodePlanes.Block * CodePlanes.Block;
        return new PanelPart(group, first, (group * _groupWidth) + first, count, width);
    }
}
