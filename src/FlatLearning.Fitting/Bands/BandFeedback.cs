using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Codes;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// Encodes a plan under a full H with error feedback: each column in the order of the rows' scales, all its sections
/// one after the other, so that later rows make up for what earlier ones got wrong. Works in the units of the codes as
/// <see cref="FeedbackCoder"/> does. docs/derivations/error-feedback.md.
/// </summary>
internal sealed class BandFeedback(
    BandField field, BandPlan plan, IReadOnlyList<AdditiveTables> tables, IWorkers workers)
{
    /// <summary>Rows of nearly no weight are still coded like the others.</summary>
    private const double MinWeight = 1e-6;

    /// <summary>A row this much finer than an earlier one cannot make up for it.</summary>
    private const double LargestFeedback = 1e4;

    /// <summary>Codes of every band, row-major [P, g].</summary>
    /// <param name="advance">Called with shares of the work, from any thread.</param>
    public IReadOnlyList<byte[]> Encode(Action<double> advance)
    {
        byte[][] codes = [.. tables.Select((_, band) => new byte[checked(plan.RowsOf(band) * field.GroupWidth)])];
        (float[] lower, float[] weights) = Units();

        // Taps reach back into the group before: groups one after the other, but any columns of a group together.
        workers.For(Math.Min(field.GroupWidth, field.Columns), () => new Room(tables, field.Rows), (lane, room) =>
        {
            for (int group = 0; group < field.Groups && lane < field.ColumnsOf(group); group++)
            {
                field.LoadColumn(group, lane, room.Values);
                room.Beam.Encode(room.Values, lower, weights, Sections(group, lane, codes), room.Codes);
                Store(group, lane, room.Codes, codes);
                advance(1.0 / field.Columns);
            }
        });
        return codes;
    }

    /// <summary>M and D of H between normalised rows, as <see cref="FeedbackCoder.Rescale"/> makes them.</summary>
    private (float[] Lower, float[] Weights) Units()
    {
        int rows = field.Rows;
        FeedbackFactor factor = field.Ordered!.FactorBy(workers);
        double[] rho = [.. field.RowOrder.Select(row => (double)field.RowScale.Values[row])];
        double mean = rho.Average(scale => scale * scale);
        double unit = mean > 0 ? 1 / mean : 1;
        float[] lower = new float[rows * rows];
        float[] weights = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            double inverse = Scales.Inverse(rho[i]);
            for (int j = 0; j < i; j++)
            {
                lower[(i * rows) + j] = (float)Math.Clamp(
                    factor.Lower[(i * rows) + j] * rho[j] * inverse, -LargestFeedback, LargestFeedback);
            }

            weights[i] = (float)Math.Max(factor.Diagonal[i] * rho[i] * rho[i] * unit, MinWeight);
        }

        return (lower, weights);
    }

    private BeamSection[] Sections(int group, int lane, byte[][] codes)
    {
        List<BeamSection> sections = [];
        int coded = 0;
        foreach (BandSection section in plan.Sections(group))
        {
            byte[] history = new byte[Math.Min(section.Position, tables[section.Band].Taps - 1)];
            for (int t = 0; t < history.Length; t++)
            {
                history[t] = codes[section.Band][((section.Position - 1 - t) * field.GroupWidth) + lane];
            }

            sections.Add(new BeamSection(tables[section.Band], section.Rows, history));
            coded = section.EndRow;
        }

        if (coded < field.Rows)
        {
            sections.Add(new BeamSection(null, field.Rows - coded, default));
        }

        return [.. sections];
    }

    private void Store(int group, int lane, byte[] column, byte[][] codes)
    {
        foreach (BandSection section in plan.Sections(group))
        {
            for (int i = 0; i < section.Rows; i++)
            {
                codes[section.Band][((section.Position + i) * field.GroupWidth) + lane] = column[section.FirstRow + i];
            }
        }
    }

    /// <summary>What one thread needs to encode a column.</summary>
    private sealed class Room(IReadOnlyList<AdditiveTables> tables, int rows)
    {
        public BeamEncoder Beam { get; } = new(tables, rows);

        public float[] Values { get; } = new float[rows];

        public byte[] Codes { get; } = new byte[rows];
    }
}
