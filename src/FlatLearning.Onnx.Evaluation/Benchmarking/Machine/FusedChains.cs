using System.Runtime.CompilerServices;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// Multiplications with addition in independent chains: more of them than latency (4 to 5 cycles) times units (2) asks
/// for.
/// </summary>
internal static class FusedChains<TVector, TLanes>
    where TVector : struct
    where TLanes : IFloatLanes<TVector>
{
    /// <summary>Chains side by side.</summary>
    public const int Chains = 12;

    /// <summary>Runs so many steps of every chain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run(int steps)
    {
        TVector x = TLanes.Broadcast(0.999f);
        TVector y = TLanes.Broadcast(0.001f);
        TVector a, b, c, d, e, f, g, h, i, j, k, l;
        a = b = c = d = e = f = g = h = i = j = k = l = TLanes.Broadcast(0.5f);
        for (int step = 0; step < steps; step++)
        {
            a = TLanes.MultiplyAdd(a, x, y);
            b = TLanes.MultiplyAdd(b, x, y);
            c = TLanes.MultiplyAdd(c, x, y);
            d = TLanes.MultiplyAdd(d, x, y);
            e = TLanes.MultiplyAdd(e, x, y);
            f = TLanes.MultiplyAdd(f, x, y);
            g = TLanes.MultiplyAdd(g, x, y);
            h = TLanes.MultiplyAdd(h, x, y);
            i = TLanes.MultiplyAdd(i, x, y);
            j = TLanes.MultiplyAdd(j, x, y);
            k = TLanes.MultiplyAdd(k, x, y);
            l = TLanes.MultiplyAdd(l, x, y);
        }

        TVector sum =
            TLanes.Add(TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d)), TLanes.Add(TLanes.Add(e, f), TLanes.Add(g, h)));
        sum = TLanes.Add(sum, TLanes.Add(TLanes.Add(i, j), TLanes.Add(k, l)));
        Span<float> lanes = stackalloc float[16];
        TLanes.Store(sum, ref lanes[0]);
        return lanes[0];
    }
}
