using System.Runtime.CompilerServices;
using FlatLearning.Cuda.Layout;
using ILGPU;

namespace FlatLearning.Kernels.Cuda;

/// <summary>The end of the kernels that look up: sums of the lanes, then of the warps, into the partial sums.</summary>
internal static class LookUpSums
{
    private const int Warps = KernelShape.LookUpThreads / KernelShape.Lanes;

    /// <summary>Adds up what segments and warps have, and stores it.</summary>
    /// <param name="sum">Of this lane, for the columns of its tile.</param>
    /// <param name="room">Warps x 32 x lanes floats of shared memory.</param>
    /// <param name="item">What the block multiplies.</param>
    /// <param name="partial">[slots, rows, places].</param>
    /// <param name="places">Places of y.</param>
    /// <param name="rows">Rows of x.</param>
    /// <param name="lanes">Lanes of a segment, each with another tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(
        Columns sum, ArrayView<float> room, WorkItem item, ArrayView<float> partial, int places, int rows, int lanes)
    {
        int thread = Group.IdxX;
        int lane = thread & (KernelShape.Lanes - 1);
        int warp = thread / KernelShape.Lanes;
        if (lanes < 16)
        {
            sum = OverSegments(sum, 8);
        }

        if (lanes < 32)
        {
            sum = OverSegments(sum, 16);
        }

        if (lane < lanes)
        {
            int at = (warp * KernelShape.TileColumns * lanes) + lane;
            Put(room, sum.A, at, lanes);
            Put(room, sum.B, at + (4 * lanes), lanes);
            Put(room, sum.C, at + (8 * lanes), lanes);
            Put(room, sum.D, at + (12 * lanes), lanes);
            Put(room, sum.E, at + (16 * lanes), lanes);
            Put(room, sum.F, at + (20 * lanes), lanes);
            Put(room, sum.G, at + (24 * lanes), lanes);
            Put(room, sum.H, at + (28 * lanes), lanes);
        }

        Group.Barrier();
        long output = (((long)item.Slot * rows) + Grid.IdxY) * places + item.Output;
        for (int i = thread; i < KernelShape.TileColumns * lanes; i += KernelShape.LookUpThreads)
        {
            int tile = item.Tile + (i & (lanes - 1));
            float total = 0;
            for (int w = 0; w < Warps; w++)
            {
                total += room[(w * KernelShape.TileColumns * lanes) + i];
            }

            if (tile < item.Tiles)
            {
                partial[output + ((long)(i / lanes) * item.Tiles) + tile] = total;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Columns OverSegments(Columns sum, int distance)
    {
        sum.A = OverSegments(sum.A, distance);
        sum.B = OverSegments(sum.B, distance);
        sum.C = OverSegments(sum.C, distance);
        sum.D = OverSegments(sum.D, distance);
        sum.E = OverSegments(sum.E, distance);
        sum.F = OverSegments(sum.F, distance);
        sum.G = OverSegments(sum.G, distance);
        sum.H = OverSegments(sum.H, distance);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Quad OverSegments(Quad sum, int distance)
    {
        sum.A += Warp.ShuffleXor(sum.A, distance);
        sum.B += Warp.ShuffleXor(sum.B, distance);
        sum.C += Warp.ShuffleXor(sum.C, distance);
        sum.D += Warp.ShuffleXor(sum.D, distance);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put(ArrayView<float> room, Quad sum, int at, int stride)
    {
        room[at] = sum.A;
        room[at + stride] = sum.B;
        room[at + (2 * stride)] = sum.C;
        room[at + (3 * stride)] = sum.D;
    }
}
