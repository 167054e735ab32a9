using FlatLearning.Dyn;

namespace FlatLearning.Cuda.Layout;

/// <summary>Codebooks as kernels read them: room for five taps each, zero where there are fewer.</summary>
internal sealed class DeviceTables
{
    private readonly List<float> _values = [];

    /// <summary>All tables.</summary>
    public float[] Values => [.. _values];

    /// <summary>Adds a sum of tables.</summary>
    /// <returns>Where it begins, and where the tables of pairs of rows begin; these are there for 2 bits only.
    /// </returns>
    public (int Table, int PairTable) Add(Codebook codebook)
    {
        (int levels, float[] stored) = (codebook.Levels, codebook.Table.Values);
        int table = _values.Count;
        for (int i = 0; i < KernelShape.Taps * levels; i++)
        {
            _values.Add(i < stored.Length ? stored[i] : 0);
        }

        if (codebook.Bits != 2)
        {
            return (table, 0);
        }

        // Row 2 p has the low two bits of a pair, row 2 p + 1 the high ones, and with them a tap more of row 2 p.
        int pairs = _values.Count;
        for (int t = 0; t <= KernelShape.Taps; t++)
        {
            for (int pair = 0; pair < levels * levels; pair++)
            {
                _values.Add(Entry(t, pair % levels) + Entry(t - 1, pair / levels));
            }
        }

        return (table, pairs);

        float Entry(int tap, int code) => tap >= 0 && tap < codebook.Taps ? stored[(tap * levels) + code] : 0;
    }
}
