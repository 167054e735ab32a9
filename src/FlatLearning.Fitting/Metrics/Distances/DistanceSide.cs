namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// One side of a fit: items whose states are solved for, one at a time, against the partners of the other side.
/// </summary>
internal sealed class DistanceSide
{
    /// <summary>Floats of a register: partners are padded to whole ones, with targets and weights of 0.</summary>
    public const int Lanes = 16;

    /// <summary>Pads.</summary>
    /// <param name="target">[items, partners].</param>
    /// <param name="items">Items.</param>
    /// <param name="partners">Partners.</param>
    /// <param name="roots">Root of the weight of each partner's error, [partners] or more.</param>
    public DistanceSide(float[] target, int items, int partners, float[] roots)
    {
        (Items, Partners, Padded) = (items, partners, (partners + Lanes - 1) / Lanes * Lanes);
        Targets = new float[items * Padded];
        Roots = new float[Padded];
        roots.AsSpan(0, partners).CopyTo(Roots);
        for (int item = 0; item < items; item++)
        {
            target.AsSpan(item * partners, partners).CopyTo(Targets.AsSpan(item * Padded));
        }
    }

    /// <summary>Rows or columns.</summary>
    public int Items { get; }

    /// <summary>Columns or rows.</summary>
    public int Partners { get; }

    /// <summary>Partners up to whole registers.</summary>
    public int Padded { get; }

    /// <summary>[items, padded].</summary>
    public float[] Targets { get; }

    /// <summary>[padded], 0 in the padding.</summary>
    public float[] Roots { get; }

    /// <summary>States [items, D] of the partners as panels [D, padded].</summary>
    public float[] Panels(float[] states, int coordinates)
    {
        float[] panels = new float[coordinates * Padded];
        for (int n = 0; n < Partners; n++)
        {
            for (int i = 0; i < coordinates; i++)
            {
                panels[(i * Padded) + n] = states[(n * coordinates) + i];
            }
        }

        return panels;
    }
}
