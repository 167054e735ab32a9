using System.Runtime.CompilerServices;
using ILGPU;

namespace FlatLearning.Kernels.Cuda;

/// <summary>
/// The tables of the kernels that look up: this lane's entry of the table of a row, from the entries of all taps and
/// the inputs that they reach.
/// </summary>
internal static class LookUpTables
{
    /// <summary>This lane's entries of the taps; <paramref name="stride"/> from one tap to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TapEntries Entries(ArrayView<float> tables, int at, int stride, bool arePairs)
    {
        TapEntries entries;
        entries.A = tables[at];
        entries.B = tables[at + stride];
        entries.C = tables[at + (2 * stride)];
        entries.D = tables[at + (3 * stride)];
        entries.E = tables[at + (4 * stride)];
        entries.F = arePairs ? tables[at + (5 * stride)] : 0;
        return entries;
    }

    /// <summary>x' at eight rows of a section; zero outside of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Inputs Load(ArrayView<float> x, long inputs, int row, int count)
    {
        Inputs loaded;
        if (row >= 0 && row + 8 <= count)
        {
            long input = inputs + row;
            loaded.A = x[input];
            loaded.B = x[input + 1];
            loaded.C = x[input + 2];
            loaded.D = x[input + 3];
            loaded.E = x[input + 4];
            loaded.F = x[input + 5];
            loaded.G = x[input + 6];
            loaded.H = x[input + 7];
        }
        else
        {
            loaded.A = Input(x, inputs, row, count);
            loaded.B = Input(x, inputs, row + 1, count);
            loaded.C = Input(x, inputs, row + 2, count);
            loaded.D = Input(x, inputs, row + 3, count);
            loaded.E = Input(x, inputs, row + 4, count);
            loaded.F = Input(x, inputs, row + 5, count);
            loaded.G = Input(x, inputs, row + 6, count);
            loaded.H = Input(x, inputs, row + 7, count);
        }

        return loaded;
    }

    /// <summary>x' at a row of the section; zero outside of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Input(ArrayView<float> x, long inputs, int row, int count)
    {
        float value = 0;
        if (row >= 0 && row < count)
        {
            value = x[inputs + row];
        }

        return value;
    }

    /// <summary>The entry for the first two rows of codes together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FirstPair(Inputs x, TapEntries c) =>
        (x.A * c.A) + (x.B * c.B) + (x.C * c.C) + (x.D * c.D) + (x.E * c.E) + (x.F * c.F);

    /// <summary>The entry for the next two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SecondPair(Inputs x, TapEntries c) =>
        (x.C * c.A) + (x.D * c.B) + (x.E * c.C) + (x.F * c.D) + (x.G * c.E) + (x.H * c.F);

    /// <summary>The entries for four rows of codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad Rows(Inputs x, TapEntries c)
    {
        Quad rows;
        rows.A = (x.A * c.A) + (x.B * c.B) + (x.C * c.C) + (x.D * c.D) + (x.E * c.E);
        rows.B = (x.B * c.A) + (x.C * c.B) + (x.D * c.C) + (x.E * c.D) + (x.F * c.E);
        rows.C = (x.C * c.A) + (x.D * c.B) + (x.E * c.C) + (x.F * c.D) + (x.G * c.E);
        rows.D = (x.D * c.A) + (x.E * c.B) + (x.F * c.C) + (x.G * c.D) + (x.H * c.E);
        return rows;
    }
}
