namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// Damped Gauss-Newton over any part of a RieM fit's unknowns: (JᵀJ + lambda D) step = -Jᵀr by conjugate gradients without forming J,
/// lambda steered by the ratio of actual to predicted gain, v and beta solved exactly after every accepted step (variable projection).
/// </summary>
internal sealed class RiemSolver(RiemShape shape, RiemKernel kernel, long passLimit, CancellationToken cancellation)
{
    private const int GradientIterations = 25;
    private const double GradientTolerance = 0.05;
    private const int DiagonalProbes = 4;

    /// <summary>Every unknown's scale is at least this share of its group's mean: the estimate of a diagonal from few probes is rough.</summary>
    private const double DiagonalFloor = 0.3;

    private const double LeastGainRatio = 1e-4;
    private const double StallGain = 2e-5;
    private const int StallSteps = 4;
    private const int RejectedSteps = 8;

    /// <summary>The largest half span of a feature's argument on the narrower side; <see cref="FlatLearning.Dyn.Metrics.RiemExpansion"/> then needs some 150 terms, of 192.</summary>
    private const float SpanLimit = 32f;

    private const int LargestProjection = 64;
    private const double LinearRidge = 1e-9;
    private readonly float[] _diagonal = new float[shape.Length];

    /// <summary>Improves theta in place. Unknowns where <paramref name="free"/> is 0 stay. Returns half the squared residual; converged tells a stall from a spent budget.</summary>
    public double Minimise(float[] theta, float[] free, Random random, out bool converged)
    {
        double cost = SolveLinear(theta);
        if (kernel.Flatten(theta, SpanLimit))
        {
            cost = SolveLinear(theta);
        }

        double damping = 1e-2;
        float[] gradient = new float[shape.Length];
        int stalled = 0;
        int rejected = 0;
        converged = false;
        for (int iteration = 0; kernel.Passes < passLimit && !converged; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (rejected == 0)
            {
                kernel.Transposed(kernel.Residuals, gradient);
                Vectors.Multiply(gradient, free);
                if (iteration % 8 == 0)
                {
                    EstimateDiagonal(free, random);
                }
            }

            (float[] step, double predicted) = Step(gradient, free, damping);
            float[] trial = (float[])theta.Clone();
            Vectors.AddScaled(trial, 1, step);
            double trialCost = kernel.Evaluate(trial);
            if (kernel.Flatten(trial, SpanLimit))
            {
                trialCost = kernel.Evaluate(trial);
            }

            double ratio = (cost - trialCost) / predicted;
            if (!(ratio > LeastGainRatio))
            {
                damping *= 4;
                converged = ++rejected > RejectedSteps;
                _ = kernel.Evaluate(theta);
                continue;
            }

            rejected = 0;
            trial.CopyTo(theta, 0);
            double next = Math.Min(trialCost, SolveLinear(theta));
            stalled = cost - next < StallGain * cost ? stalled + 1 : 0;
            converged = stalled >= StallSteps || next == 0;
            cost = next;
            damping = ratio > 0.75 ? Math.Max(damping / 3, 1e-8) : ratio < 0.25 ? damping * 2 : damping;
        }

        return cost;
    }

    /// <summary>Sets v and beta to their least-squares values and evaluates there. Returns half the squared residual.</summary>
    public double SolveLinear(float[] theta)
    {
        double before = kernel.Evaluate(theta);
        if (shape.Width > LargestProjection)
        {
            return before;
        }

        int size = shape.Width + 1;
        double[] normal = new double[size * size];
        double[] right = new double[size];
        kernel.AddLinearEquations(normal, right);
        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += normal[(i * size) + i];
        }

        for (int i = 0; i < size; i++)
        {
            normal[(i * size) + i] += LinearRidge * trace / size;
        }

        float[] old = theta.AsSpan(shape.V, size).ToArray();
        if (!Cholesky.Solve(normal, right))
        {
            return before;
        }

        for (int i = 0; i < size; i++)
        {
            theta[shape.V + i] = (float)right[i];
        }

        double after = kernel.Evaluate(theta);
        if (after <= before)
        {
            return after;
        }

        old.CopyTo(theta, shape.V);
        return kernel.Evaluate(theta);
    }

    /// <summary>Truncated conjugate gradients, preconditioned by D. Also returns the gain that the quadratic model promises, without the damping term.</summary>
    private (float[] Step, double Predicted) Step(float[] gradient, float[] free, double damping)
    {
        int length = shape.Length;
        float[] step = new float[length];
        float[] residual = Array.ConvertAll(gradient, g => -g);
        float[] search = new float[length];
        float[] product = new float[length];
        float[] curvature = new float[length];
        float[] scaled = Precondition(residual, damping);
        scaled.CopyTo(search, 0);
        double rho = Vectors.Dot(residual, scaled);
        double target = rho * GradientTolerance * GradientTolerance;
        for (int i = 0; i < GradientIterations && rho > target && rho > 0; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            kernel.GaussNewton(search, product);
            Vectors.Multiply(product, free);
            float[] damped = (float[])product.Clone();
            for (int j = 0; j < length; j++)
            {
                damped[j] += (float)damping * _diagonal[j] * search[j];
            }

            double bend = Vectors.Dot(search, damped);
            if (!(bend > 0))
            {
                break;
            }

            double alpha = rho / bend;
            Vectors.AddScaled(step, alpha, search);
            Vectors.AddScaled(curvature, alpha, product);
            Vectors.AddScaled(residual, -alpha, damped);
            scaled = Precondition(residual, damping);
            double next = Vectors.Dot(residual, scaled);
            double beta = next / rho;
            for (int j = 0; j < length; j++)
            {
                search[j] = scaled[j] + ((float)beta * search[j]);
            }

            rho = next;
        }

        return (step, -Vectors.Dot(gradient, step) - (0.5 * Vectors.Dot(step, curvature)));
    }

    private float[] Precondition(float[] vector, double damping)
    {
        float[] result = new float[vector.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = _diagonal[i] > 0 ? vector[i] / (_diagonal[i] * (float)(1 + damping)) : 0;
        }

        return result;
    }

    /// <summary>diag(JᵀJ) = E (Jᵀy)² for y of random signs (Hutchinson), never far below its group's mean.</summary>
    private void EstimateDiagonal(float[] free, Random random)
    {
        Array.Clear(_diagonal);
        float[] signs = new float[kernel.Residuals.Length];
        float[] product = new float[shape.Length];
        for (int probe = 0; probe < DiagonalProbes; probe++)
        {
            for (int k = 0; k < shape.Rows; k++)
            {
                for (int n = 0; n < shape.Columns; n++)
                {
                    signs[(k * shape.PaddedColumns) + n] = random.Next(2) == 0 ? -1f : 1f;
                }
            }

            kernel.Transposed(signs, product);
            for (int i = 0; i < product.Length; i++)
            {
                _diagonal[i] += product[i] * product[i] / DiagonalProbes;
            }
        }

        int[] ends = [shape.Q, shape.A, shape.C, shape.V, shape.Beta, shape.Length];
        int begin = 0;
        foreach (int end in ends)
        {
            Span<float> group = _diagonal.AsSpan(begin, end - begin);
            double sum = 0;
            int count = 0;
            for (int i = 0; i < group.Length; i++)
            {
                sum += free[begin + i] != 0 ? group[i] : 0;
                count += free[begin + i] != 0 ? 1 : 0;
            }

            float floor = count > 0 ? (float)(DiagonalFloor * sum / count) : 0;
            for (int i = 0; i < group.Length; i++)
            {
                group[i] = free[begin + i] != 0 ? group[i] + floor : 0;
            }

            begin = end;
        }
    }
}
