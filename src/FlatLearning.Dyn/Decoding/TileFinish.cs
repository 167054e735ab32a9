using System.Runtime.Intrinsics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Dyn.Decoding;

/// <summary>The last step of a tile's row: (residual + metric) · rho · gamma.</summary>
internal static unsafe class TileFinish
{
    /// <summary>Writes one row.</summary>
    /// <param name="residual">[width] or null for zeros.</param>
    /// <param name="metric">[width] or null for zeros; may be <paramref name="target"/>.</param>
    /// <param name="rowScale">rho of this row.</param>
    /// <param name="columnScale">[width] or null for ones.</param>
    /// <param name="target">[width].</param>
    /// <param name="width">Columns.</param>
    public static void Row(float* residual, float* metric, float rowScale, float* columnScale, float* target, int width)
    {
        // Each step starts a register only where it fits into what is left of the row.
        int n = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            n = Run<Lanes512, Vector512<float>>(residual, metric, rowScale, columnScale, target, n, width);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            n = Run<Lanes256, Vector256<float>>(residual, metric, rowScale, columnScale, target, n, width);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            n = Run<Lanes128, Vector128<float>>(residual, metric, rowScale, columnScale, target, n, width);
        }

        _ = Run<Lanes1, float>(residual, metric, rowScale, columnScale, target, n, width);
    }

    private static int Run<TLanes, TVector>(
        float* residual, float* metric, float rowScale, float* columnScale, float* target, int n, int width)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        TVector rho = TLanes.Broadcast(rowScale);
        for (; n <= width - TLanes.Count; n += TLanes.Count)
        {
            TVector value = residual is null ? TLanes.Broadcast(0f) : TLanes.Load(in residual[n]);
            value = metric is null ? value : TLanes.Add(value, TLanes.Load(in metric[n]));
            value = TLanes.Multiply(value, rho);
            value = columnScale is null ? value : TLanes.Multiply(value, TLanes.Load(in columnScale[n]));
            TLanes.Store(value, ref target[n]);
        }

        return n;
    }
}
