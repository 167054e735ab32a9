using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Tests;

/// <summary>Weights for tests, and the error recomputed by the reference decoder.</summary>
internal static class Samples
{
    public static float[] Gaussian(int rows, int columns, int seed = 1) => TableTrainer.Gaussian(rows * columns, seed);

    /// <summary>A sum of <paramref name="rank"/> outer products and noise of the given standard deviation.</summary>
    public static float[] LowRank(int rows, int columns, int rank, float noise, int seed = 1)
    {
        float[] u = Gaussian(rows, rank, seed);
        float[] v = Gaussian(rank, columns, seed + 1);
        float[] w = Gaussian(rows, columns, seed + 2);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= noise;
            for (int r = 0; r < rank; r++)
            {
                w[i] += u[(i / columns * rank) + r] * v[(r * columns) + (i % columns)];
            }
        }

        return w;
    }

    public static double RelativeError(DynWeight weight, float[] w)
    {
        double[] decoded = ReferenceDecoder.Decode(weight);
        (double error, double energy) = (0, 0);
        for (int i = 0; i < w.Length; i++)
        {
            error += (decoded[i] - w[i]) * (decoded[i] - w[i]);
            energy += (double)w[i] * w[i];
        }

        return error == 0 ? 0 : error / energy;
    }

    /// <summary>The plain and the weighted relative error, from the definition.</summary>
    public static (double Plain, double Weighted) Errors(DynWeight weight, float[] w, Hessian h)
    {
        double[] decoded = ReferenceDecoder.Decode(weight);
        int rows = weight.Rows;
        double At(int i, int j) =>
            h.IsIdentity ? (i == j ? 1 : 0) : h.IsFull ? h.Values[(i * rows) + j] : i == j ? h.Values[i] : 0;
        (double error, double energy) = (0, 0);
        for (int n = 0; n < weight.Columns; n++)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < rows; j++)
                {
                    (int a, int b) = ((i * weight.Columns) + n, (j * weight.Columns) + n);
                    error += At(i, j) * (w[a] - decoded[a]) * (w[b] - decoded[b]);
                    energy += At(i, j) * w[a] * w[b];
                }
            }
        }

        return (RelativeError(weight, w), error / energy);
    }

    /// <summary>Every stored number of a weight, for comparing two fits byte by byte.</summary>
    public static byte[] Bytes(DynWeight weight)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        foreach (ParameterTensor? tensor in new[] { weight.RowScale, weight.ColumnScale, weight.Codebook?.Table,
            weight.Metric?.Parameters, weight.Metric?.States.Range })
        {
            foreach (float value in tensor?.Values ?? [])
            {
                writer.Write(value);
            }
        }

        writer.Write(weight.Codes is null ? [] : weight.Codes!.Bytes.ToArray());
        writer.Write(weight.Metric is null ? [] : weight.Metric!.States.Rows.Bytes.ToArray());
        writer.Write(weight.Metric is null ? [] : weight.Metric!.States.Columns.Bytes.ToArray());
        writer.Flush();
        return stream.ToArray();
    }
}
