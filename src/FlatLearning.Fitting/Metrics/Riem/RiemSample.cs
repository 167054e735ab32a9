using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Some rows and columns of a matrix that is too large to search on: the metric is found on them, at a small part of
/// the cost of a pass, and the states of all other rows and columns are then solved for against the sample alone. What
/// follows on the whole matrix begins close to where it ends.
/// </summary>
internal sealed class RiemSample
{
    /// <summary>With this many passes over the whole matrix a sample is of no use.</summary>
    private const double EnoughWork = 1000;

    /// <summary>A sample must be that much smaller than the matrix.</summary>
    private const double MinSaving = 3;

    private const int MinSide = 256;

    /// <summary>Rows per state coordinate, likewise columns: some equations more than unknowns.</summary>
    private const int SideOfState = 16;

    /// <summary>
    /// Of the time of the sample, what finding the metric takes; the states of all rows and all columns take the rest.
    /// </summary>
    private const double SearchShare = 0.6;

    private const double Ridge = 1e-3;

    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly RiemShape _whole;

    private RiemSample(RiemShape whole, int rows, int columns)
    {
        _whole = whole;
        _rows = Every(whole.Rows, rows);
        _columns = Every(whole.Columns, columns);
    }

    /// <summary>The sample for a budget of so many passes over the whole; null where it does not pay.</summary>
    public static RiemSample? Choose(RiemShape whole, double work)
    {
        int side = Math.Max(MinSide, SideOfState * whole.StateDim);
        int rows = Math.Min(whole.Rows, side);
        int columns = Math.Min(whole.Columns, side);
        return work < EnoughWork && (double)rows * columns * MinSaving < (double)whole.Rows * whole.Columns
            ? new RiemSample(whole, rows, columns)
            : null;
    }

    /// <summary>
    /// Fits the metric to the sample and leaves states of all rows and columns in theta, within a share of the budget
    /// of the whole.
    /// </summary>
    public void Fit(
        RiemField whole, RiemStarts starts, AlignedFloats theta, int stateBits, int seed, RiemBudget budget,
        double share, Hessian weight, IWorkers workers, CancellationToken cancellation)
    {
        RiemShape small = Shape(_rows.Length, _columns.Length);
        using AlignedFloats found = new(small.Length);
        using (RiemField field = new(small, Part(whole, _rows, _columns), Part(weight, _rows), workers))
        using (RiemProblem problem = new(field, workers))
        {
            RiemSolve solve = new(problem, found, Budget(budget, small, share * SearchShare), null, cancellation);
            _ = RiemSearch.Run(new RiemStarts(field, seed), solve, stateBits, untilShare: 1);
        }

        found.Span[small.A..].CopyTo(theta.Span[_whole.A..]);
        int[] allRows = Every(_whole.Rows, _whole.Rows);
        int[] allColumns = Every(_whole.Columns, _whole.Columns);
        Guess(found.Span[..small.Q], small, _rows, starts.U, starts.Rank, _whole.Rows, theta.Span[.._whole.Q]);
        Guess(
            found.Span[small.Q..small.A], small, _columns, starts.V, starts.Rank, _whole.Columns,
            theta.Span[_whole.Q.._whole.A]);
        double each = share * (1 - SearchShare) / 2;
        Extend(whole, theta, found, allRows, _columns, Part(weight, allRows), budget, each, workers, cancellation);
        Extend(whole, theta, found, _rows, allColumns, Part(weight, _rows), budget, each, workers, cancellation);
    }

    /// <summary>
    /// Whether theta, as it is, is better than a start from the singular vectors alone: on much noise a sample's metric
    /// is not.
    /// </summary>
    public static bool IsBetter(RiemStarts starts, RiemSolve solve)
    {
        float[] found = solve.Theta.Span.ToArray();
        double cost = solve.Problem.Improve(solve.Theta, solve.Problem.Cost(solve.Theta));
        bool better = !starts.Write(solve.Theta, 0)
            || cost < solve.Problem.Improve(solve.Theta, solve.Problem.Cost(solve.Theta));
        found.CopyTo(solve.Theta.Span);
        return better;
    }

    /// <summary>
    /// Solves for the states of all rows against the sampled columns, or of all columns against the sampled rows; the
    /// metric is what the sample has found.
    /// </summary>
    private void Extend(
        RiemField whole, AlignedFloats theta, AlignedFloats found, int[] rows, int[] columns, Hessian weight,
        RiemBudget budget, double share, IWorkers workers, CancellationToken cancellation)
    {
        bool ofRows = rows.Length == _whole.Rows && columns.Length == _columns.Length;
        RiemShape small = Shape(_rows.Length, _columns.Length);
        RiemShape shape = Shape(rows.Length, columns.Length);
        using AlignedFloats point = new(shape.Length);
        found.Span[small.A..].CopyTo(point.Span[shape.A..]);
        (ofRows ? theta.Span[.._whole.Q] : found.Span[..small.Q]).CopyTo(point.Span);
        (ofRows ? found.Span[small.Q..small.A] : theta.Span[_whole.Q.._whole.A]).CopyTo(point.Span[shape.Q..]);
        using RiemField field = new(shape, Part(whole, rows, columns), weight, workers);
        using RiemProblem problem = new(field, workers);
        problem.Free.Clear();
        (ofRows ? problem.Free[..shape.Q] : problem.Free[shape.Q..shape.A]).Fill(1f);
        _ = new RiemSolve(problem, point, Budget(budget, shape, share), null, cancellation).Run(
            1, functionTolerance: 1e-4);
        (ofRows ? point.Span[..shape.Q] : point.Span[shape.Q..shape.A]).CopyTo(
            ofRows ? theta.Span : theta.Span[_whole.Q..]);
    }

    /// <summary>
    /// States of all items as the linear function of their singular vectors' coordinates that the sampled ones obey
    /// best.
    /// </summary>
    private static void Guess(
        ReadOnlySpan<float> states, RiemShape shape, int[] sample, float[] vectors, int rank, int count,
        Span<float> all)
    {
        int size = rank + 1;
        double[] normal = new double[size * size];
        double[] line = new double[size];
        for (int k = 0; k < sample.Length; k++)
        {
            Coordinates(vectors, rank, count, sample[k], line);
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    normal[(i * size) + j] += line[i] * line[j];
                }
            }
        }

        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += normal[(i * size) + i];
        }

        for (int i = 0; i < size; i++)
        {
            normal[(i * size) + i] += Ridge * trace / size;
        }

        _ = Cholesky.Factorise(normal, size);
        for (int c = 0; c < shape.StateDim; c++)
        {
            double[] map = new double[size];
            for (int k = 0; k < sample.Length; k++)
            {
                Coordinates(vectors, rank, count, sample[k], line);
                for (int i = 0; i < size; i++)
                {
                    map[i] += line[i] * states[shape.State(k, c)];
                }
            }

            Cholesky.SolveFactorised(normal, map);
            for (int k = 0; k < count; k++)
            {
                Coordinates(vectors, rank, count, k, line);
                double sum = 0;
                for (int i = 0; i < size; i++)
                {
                    sum += line[i] * map[i];
                }

                all[shape.State(k, c)] = (float)sum;
            }
        }
    }

    private static void Coordinates(float[] vectors, int rank, int count, int item, double[] line)
    {
        for (int i = 0; i < rank; i++)
        {
            line[i] = vectors[(i * count) + item];
        }

        line[rank] = 1;
    }

    private RiemShape Shape(int rows, int columns) => new(rows, columns, _whole.StateDim, _whole.Shifts, _whole.Width);

    private RiemBudget Budget(RiemBudget whole, RiemShape part, double share) =>
        new(
            whole.Work * share * _whole.Rows * _whole.Columns / ((double)part.Rows * part.Columns),
            whole.Seconds * share);

    private float[] Part(RiemField whole, int[] rows, int[] columns)
    {
        float[] values = new float[rows.Length * columns.Length];
        for (int k = 0; k < rows.Length; k++)
        {
            ReadOnlySpan<float> line = whole.Target.Span.Slice(rows[k] * _whole.PaddedColumns, _whole.Columns);
            for (int n = 0; n < columns.Length; n++)
            {
                values[(k * columns.Length) + n] = line[columns[n]];
            }
        }

        return values;
    }

    private static Hessian Part(Hessian weight, int[] rows)
    {
        if (weight.IsIdentity || rows.Length == weight.Rows)
        {
            return weight;
        }

        if (!weight.IsFull)
        {
            return Hessian.Diagonal([.. rows.Select(weight.At)]);
        }

        double[] matrix = new double[rows.Length * rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
            {
                matrix[(i * rows.Length) + j] = weight.Values[(rows[i] * weight.Rows) + rows[j]];
            }
        }

        return Hessian.Full(matrix, rows.Length);
    }

    /// <summary>So many of the items, evenly spread.</summary>
    private static int[] Every(int items, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (int)((long)i * items / count))];
}
