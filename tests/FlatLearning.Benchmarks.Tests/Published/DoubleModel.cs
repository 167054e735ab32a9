namespace FlatLearning.Benchmarks.Tests.Published;

/// <summary>
/// The published model, its gradient and Adam, written from the formulas in double precision; unknowns in the order P
/// [K, d], Q [N, d], A [R·M, d], c [R·M], v [M], beta.
/// </summary>
internal sealed class DoubleModel(int rows, int columns, int d, int shifts, int width)
{
    private readonly int _q = rows * d;
    private readonly int _a = (rows + columns) * d;
    private readonly int _c = ((rows + columns) * d) + (shifts * width * d);
    private readonly int _v = ((rows + columns) * d) + (shifts * width * (d + 1));

    public int Length => _v + width + 1;

    public double Value(double[] x, int k, int n)
    {
        double value = x[^1];
        for (int f = 0; f < shifts * width; f++)
        {
            value += x[_v + (f % width)] * Sigmoid(x, f, k, n);
        }

        return value;
    }

    public double Loss(double[] x, float[] w)
    {
        double loss = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double u = Value(x, i / columns, i % columns) - w[i];
            loss += u * u;
        }

        return loss;
    }

    public double[] Gradient(double[] x, float[] w)
    {
        double[] gradient = new double[Length];
        for (int i = 0; i < w.Length; i++)
        {
            (int k, int n) = (i / columns, i % columns);
            double u = 2 * (Value(x, k, n) - w[i]);
            gradient[^1] += u;
            for (int f = 0; f < shifts * width; f++)
            {
                double s = Sigmoid(x, f, k, n);
                gradient[_v + (f % width)] += u * s;
                double slope = u * x[_v + (f % width)] * s * (1 - s);
                gradient[_c + f] += slope;
                for (int j = 0; j < d; j++)
                {
                    int moved = (n * d) + ((j + (f / width * d / shifts)) % d);
                    gradient[_a + (f * d) + j] += slope * (x[(k * d) + j] + x[_q + moved]);
                    gradient[(k * d) + j] += slope * x[_a + (f * d) + j];
                    gradient[_q + moved] += slope * x[_a + (f * d) + j];
                }
            }
        }

        return gradient;
    }

    /// <summary>Steps of Adam from x in place; the loss before each.</summary>
    public double[] Train(double[] x, float[] w, int steps)
    {
        double[] first = new double[Length];
        double[] second = new double[Length];
        double[] losses = new double[steps];
        for (int step = 1; step <= steps; step++)
        {
            losses[step - 1] = Loss(x, w);
            double[] g = Gradient(x, w);
            for (int i = 0; i < Length; i++)
            {
                first[i] = (0.9 * first[i]) + (0.1 * g[i]);
                second[i] = (0.999 * second[i]) + (0.001 * g[i] * g[i]);
                x[i] -= 5e-5 * (first[i] / (1 - Math.Pow(0.9, step)))
                    / (Math.Sqrt(second[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        return losses;
    }

    private double Sigmoid(double[] x, int f, int k, int n)
    {
        double z = x[_c + f];
        for (int j = 0; j < d; j++)
        {
            z += x[_a + (f * d) + j] * (x[(k * d) + j] + x[_q + (n * d) + ((j + (f / width * d / shifts)) % d)]);
        }

        return 1 / (1 + Math.Exp(-z));
    }
}
