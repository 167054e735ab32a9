using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.CustomOps.Tests;

/// <summary>Weights whose metric is applied without its matrix, alone and beside codes.</summary>
internal static class MetricCases
{
    /// <summary>Rows of x on both sides of every change.</summary>
    public static readonly int[] Batches = [1, 3, 7, 70];

    /// <summary>dyn-l1 with states of every kind of packing, more elements than are kept dense.</summary>
    public static IEnumerable<DynWeight> Distances()
    {
        foreach ((int stateBits, int heads, int dim, int bits) in ((int, int, int, int)[])[
            (8, 1, 3, 0), (5, 2, 2, 0), (8, 3, 1, 4), (3, 1, 4, 3), (1, 1, 1, 0)])
        {
            yield return WeightGenerator.Create(new WeightCase
            {
                Rows = 700,
                Columns = 601,
                Bits = bits,
                Taps = 2,
                Metric = MetricKinds.DynL1,
                StateBits = stateBits,
                Heads = heads,
                StateDim = dim,
                HasRowScale = heads != 2,
                HasColumnScale = bits > 0 || dim == 3,
                Seed = stateBits + heads,
            });
        }

        foreach (DynWeight weight in Banded())
        {
            yield return weight;
        }
    }

    /// <summary>riem with few states: smooth, so of numerically low rank.</summary>
    public static IEnumerable<DynWeight> Smooth()
    {
        foreach (int bits in (int[])[0, 4])
        {
            yield return WeightGenerator.Create(new WeightCase
            {
                Rows = 500,
                Columns = 450,
                Bits = bits,
                Metric = MetricKinds.Riem,
                StateDim = 2,
                Shifts = 2,
                Width = 3,
                Spread = 1,
                HasRowScale = bits == 0,
                Seed = 7 + bits,
            });
        }
    }

    /// <summary>All of them.</summary>
    public static IEnumerable<DynWeight> Weights() => Distances().Concat(Smooth());

    /// <summary>
    /// dyn-l1 beside codes of several widths: the metric, too, is applied in the order of the scales.
    /// </summary>
    private static IEnumerable<DynWeight> Banded()
    {
        foreach (int groupWidth in (int[])[64, 128, 40])
        {
            yield return WeightGenerator.Create(new WeightCase
            {
                Rows = 700,
                Columns = 601,
                GroupWidth = groupWidth,
                Bands = [5, 4, 2],
                Taps = 2,
                Metric = MetricKinds.DynL1,
                StateBits = 6,
                Heads = 2,
                StateDim = 2,
                HasLogScales = groupWidth == 64,
                Seed = groupWidth,
            });
        }
    }
}
