using System.Runtime.CompilerServices;
using FlatLearning.Cuda.Layout;
using ILGPU;

namespace FlatLearning.Kernels.Cuda;

/// <summary>The first and the last kernel of a product. x and y come as both types that they may be.</summary>
internal static class Ends
{
    private const int Float16 = 1;
    private const int BFloat16 = 2;
    private const int Parts = KernelShape.FinishThreads / KernelShape.FinishPlaces;

    /// <summary>x' = x in float32, in the order of places, times the row scale. Grid: parts of a row, rows.</summary>
    /// <param name="x32">x [rows, K] in float32.</param>
    /// <param name="x16">The same memory, for 16 bits.</param>
    /// <param name="order">The row of W at each place.</param>
    /// <param name="scale">The row scale of each place.</param>
    /// <param name="inputs">x' [rows, K].</param>
    /// <param name="k">K.</param>
    /// <param name="type">0, 1, 2: float32, float16, bfloat16.</param>
    public static void Prepare(
        ArrayView<float> x32, ArrayView<ushort> x16, ArrayView<int> order, ArrayView<float> scale,
        ArrayView<float> inputs, int k, int type)
    {
        int place = (Grid.IdxX * KernelShape.PrepareThreads) + Group.IdxX;
        if (place < k)
        {
            long row = (long)Grid.IdxY * k;
            inputs[row + place] = Read(x32, x16, row + order[place], type) * scale[place];
        }
    }

    /// <summary>
    /// y[m, n] = scale[n] · (sum of the partial sums) + (sparse elements) + bias[n]. Grid: 32 places each, rows.
    /// </summary>
    /// <param name="partial">[slots, rows, places].</param>
    /// <param name="outputs">[places].</param>
    /// <param name="scale">[N].</param>
    /// <param name="bias">[N].</param>
    /// <param name="starts">[N + 1]: the first sparse element of each column.</param>
    /// <param name="elementRows">The rows of sparse elements.</param>
    /// <param name="values">Their values.</param>
    /// <param name="x32">x [rows, K] in float32.</param>
    /// <param name="x16">The same memory, for 16 bits.</param>
    /// <param name="y32">y [rows, N] in float32.</param>
    /// <param name="y16">The same memory, for 16 bits.</param>
    /// <param name="k">K.</param>
    /// <param name="n">N.</param>
    /// <param name="places">Places of y, a multiple of 32.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="type">0, 1, 2: float32, float16, bfloat16.</param>
    public static void Finish(
        ArrayView<float> partial, ArrayView<OutputPlace> outputs, ArrayView<float> scale, ArrayView<float> bias,
        ArrayView<int> starts, ArrayView<int> elementRows, ArrayView<float> values, ArrayView<float> x32,
        ArrayView<ushort> x16, ArrayView<float> y32, ArrayView<ushort> y16, int k, int n, int places, int rows,
        int type)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(KernelShape.FinishThreads);
        ArrayView<float> sparse = SharedMemory.Allocate<float>(KernelShape.FinishThreads);
        int thread = Group.IdxX;
        int part = thread / KernelShape.FinishPlaces;
        int place = (Grid.IdxX * KernelShape.FinishPlaces) + (thread & (KernelShape.FinishPlaces - 1));
        OutputPlace output = outputs[place];
        float sum = 0;
        for (int slot = part; slot < output.Slots; slot += Parts)
        {
            sum += partial[((((long)slot * rows) + Grid.IdxY) * places) + place];
        }

        float added = 0;
        if (output.Column >= 0)
        {
            for (int i = starts[output.Column] + part; i < starts[output.Column + 1]; i += Parts)
            {
                added += Read(x32, x16, ((long)Grid.IdxY * k) + elementRows[i], type) * values[i];
            }
        }

        sums[thread] = sum;
        sparse[thread] = added;
        Group.Barrier();
        if (part == 0 && output.Column >= 0)
        {
            for (int i = 1; i < Parts; i++)
            {
                sum += sums[thread + (i * KernelShape.FinishPlaces)];
                added += sparse[thread + (i * KernelShape.FinishPlaces)];
            }

            float value = (sum * scale[output.Column]) + added + bias[output.Column];
            Write(y32, y16, ((long)Grid.IdxY * n) + output.Column, value, type);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Read(ArrayView<float> x32, ArrayView<ushort> x16, long at, int type)
    {
        if (type == Float16)
        {
            return Interop.IntAsFloat(x16[at]);
        }

        return type == BFloat16 ? Interop.IntAsFloat((uint)x16[at] << 16) : x32[at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ArrayView<float> y32, ArrayView<ushort> y16, long at, float value, int type)
    {
        if (type == Float16)
        {
            y16[at] = Interop.FloatAsInt((ILGPU.Half)value);
        }
        else if (type == BFloat16)
        {
            // To nearest, ties to even; a NaN stays one.
            uint bits = Interop.FloatAsInt(value);
            bool isNan = (bits & 0x7fffffff) > 0x7f800000;
            uint rounded = bits + 0x7fff + ((bits >> 16) & 1);
            y16[at] = (ushort)((isNan ? bits | 0x400000 : rounded) >> 16);
        }
        else
        {
            y32[at] = value;
        }
    }
}
