using System.Runtime.CompilerServices;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Dyn.Decoding;

/// <summary>Stores a register into a tile that may end inside it.</summary>
internal static class TileStore
{
    /// <summary>Writes the first min(lanes, <paramref name="room"/>) lanes and nothing beyond.</summary>
    /// <param name="value">The register.</param>
    /// <param name="destination">Where lane 0 goes.</param>
    /// <param name="room">Floats left in the tile's row, 1 or more.</param>
    /// <param name="partial">Scratch of one register.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store<TLanes, TVector>(TVector value, float* destination, int room, float* partial)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        if (room >= TLanes.Count)
        {
            TLanes.Store(value, ref *destination);
            return;
        }

        TLanes.Store(value, ref *partial);
        for (int i = 0; i < room; i++)
        {
            destination[i] = partial[i];
        }
    }
}
