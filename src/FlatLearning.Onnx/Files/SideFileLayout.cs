using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Where tensors are to lie in a side file, known before a byte of it is written. Bytes that tensors share in the file
/// they come from, wholly or in part, are stored once; a small tensor that shares nothing is not worth an entry there.
/// </summary>
internal sealed class SideFileLayout
{
    /// <summary>Bytes that the entries of one external tensor take in the model, about.</summary>
    private const int EntryBytes = 64;

    /// <summary>A piece of so many pages may cost up to one page of padding, less than half a percent.</summary>
    private const int PagesWorthAligning = 256;

    private SideFileLayout(IReadOnlyList<TensorProto> inline, IReadOnlyList<SideFilePiece> pieces)
    {
        (Inline, Pieces) = (inline, pieces);
        Length = pieces.Count == 0 ? 0 : pieces[^1].Offset + pieces[^1].Length;
    }

    /// <summary>External tensors that go into the model itself.</summary>
    public IReadOnlyList<TensorProto> Inline { get; }

    /// <summary>The pieces of the side file, in its order.</summary>
    public IReadOnlyList<SideFilePiece> Pieces { get; }

    /// <summary>Bytes of the side file.</summary>
    public long Length { get; }

    /// <summary>Lays out tensors in the order given.</summary>
    /// <param name="tensors">External tensors, and inline ones that are to move.</param>
    /// <param name="folder">What locations are relative to, or null.</param>
    /// <param name="options">Threshold and alignment.</param>
    public static SideFileLayout Of(
        IEnumerable<TensorProto> tensors, ExternalDataFolder? folder, SaveOptions options)
    {
        List<TensorProto> inline = [];
        List<SideFilePiece> pieces = [];
        long length = 0;
        foreach (List<Region> shared in Shared([.. tensors.Select((tensor, i) => Region.Of(tensor, i, folder))])
            .OrderBy(shared => shared.Min(region => region.Index)))
        {
            long begin = shared[0].Begin;
            long bytes = shared.Max(region => region.End) - begin;
            if (shared.TrueForAll(region => region.IsExternal && region.Length < options.SideFileThreshold)
                && (shared.Count == 1
                    || shared.Sum(region => region.Length) <= bytes + (EntryBytes * shared.Count)))
            {
                inline.AddRange(shared.Select(region => region.Tensor));
                continue;
            }

            int alignment = AlignmentOf(shared, begin, bytes, options);
            long offset = (length + alignment - 1) / alignment * alignment;
            pieces.Add(
                new SideFilePiece(
                    offset,
                    bytes,
                    begin,
                    [.. shared.OrderBy(region => region.Index)
                        .Select(region => (region.Tensor, offset + region.Begin - begin))]));
            length = offset + bytes;
        }

        return new SideFileLayout(inline, pieces);
    }

    /// <summary>
    /// A page for what is large and moves out of the model or was at a page already; elements stay where a processor
    /// wants them in any case. So nothing that was packed without padding grows by being written again.
    /// </summary>
    private static int AlignmentOf(List<Region> shared, long begin, long bytes, SaveOptions options)
    {
        bool wasAtPage = !shared[0].IsExternal || (begin > 0 && begin % options.SideFileAlignment == 0);
        return wasAtPage && bytes >= (long)PagesWorthAligning * options.SideFileAlignment
            ? options.SideFileAlignment
            : shared.Max(region => region.ElementBytes);
    }

    /// <summary>Regions of one file that overlap belong together; everything else stands alone.</summary>
    private static IEnumerable<List<Region>> Shared(IReadOnlyList<Region> regions)
    {
        foreach (IGrouping<string, Region> file in regions.GroupBy(region => region.File))
        {
            List<Region> group = [];
            long end = 0;
            foreach (Region region in file.OrderBy(region => region.Begin).ThenBy(region => region.Index))
            {
                if (group.Count > 0 && region.Begin >= end)
                {
                    yield return group;
                    group = [];
                }

                group.Add(region);
                end = group.Count == 1 ? region.End : Math.Max(end, region.End);
            }

            yield return group;
        }
    }

    /// <summary>A tensor's bytes where they lie now; an inline tensor is a file of its own.</summary>
    private sealed record Region(
        TensorProto Tensor, int Index, string File, long Begin, long Length, int ElementBytes)
    {
        public long End => Begin + Length;

        public bool IsExternal => ExternalDataLocation.IsExternal(Tensor);

        public static Region Of(TensorProto tensor, int index, ExternalDataFolder? folder)
        {
            TensorInfo info = TensorInfo.Of(tensor);
            int element = Math.Max(1, ElementTypes.BitsOf(info.Type) / 8);
            if (!ExternalDataLocation.IsExternal(tensor))
            {
                return new Region(tensor, index, $"\0{index}", 0, info.ByteLength, element);
            }

            ExternalDataLocation location = ExternalDataLocation.Of(tensor, info.Name);
            string file = folder?.TryResolve(location.Location) ?? location.Location;
            return new Region(tensor, index, file, location.Offset, info.ByteLength, element);
        }
    }
}
