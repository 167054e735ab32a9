using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// Fits codes in bands: scales rounded to bytes, sections planned from the energies under them, each band encoded with
/// the common tables. docs/decisions/0006-bands-of-codes.md.
/// </summary>
internal static class BandFitter
{
    /// <summary>Share of padded columns that is worth a width which kernels read in place.</summary>
    private const double MaxWaste = 0.03;

    private const int ManyColumns = 1024;

    /// <summary>About how many weights are encoded to find out what every width loses.</summary>
    private const int SampleWeights = 1 << 14;

    /// <summary>
    /// Fits a finite weight whose codes take so many bits on average, under the scales that promise the least error.
    /// </summary>
    public static FitResult Fit(
        MetricTarget target, double bits, IProgress<double>? progress, CancellationToken cancellation)
    {
        CodesStart[] starts = [
            .. ScaleCandidates.Of(target, RowScales.WhereTheyPay).Select(scales => new CodesStart(scales))];
        (BandField? field, BandPlan? plan, BandErrors? errors, BandPlanner? planner) = (null, null, null, null);
        foreach (CodesStart start in BandOptions.Starts(target, starts))
        {
            BandField candidate = new(target, start, GroupWidth(target.Columns));
            BandErrors losses = new BandSample(candidate, SampleWeights, target.Workers).Common(cancellation);
            BandPlanner divider = new(candidate, losses, target.Workers);
            BandPlan division = divider.Within(bits * target.Rows * target.Columns);
            if (plan is null || division.Error < plan.Error)
            {
                (field, plan, errors, planner) = (candidate, division, losses, divider);
            }
        }

        FitResult fit = Fit(target, field!, plan!, errors!, progress, cancellation);

        // Where no scales represent the weight, codes of few bits may lose more than none would.
        return fit.WeightedError <= 1
            ? fit
            : Fit(target, field!, planner!.At(double.MaxValue), errors!, progress, cancellation);
    }

    /// <summary>Encodes a plan.</summary>
    public static FitResult Fit(
        MetricTarget target, BandField field, BandPlan plan, BandErrors errors, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        AdditiveTables[] tables = [
            .. BandCodebooks.Widths.Select((bits, band) => errors.Own?[band] ?? BandCodebooks.Tables(bits))];
        FitProgress work = new(progress, 1, cancellation);
        BandEncoder encoder = new(field, plan, target.Workers);
        IReadOnlyList<byte[]> codes = field.Ordered is not null
            ? new BandFeedback(field, plan, tables, target.Workers).Encode(work.Advance)
            : encoder.Encode(tables, work.Advance);
        List<CodeBand> bands = [
            .. tables.Select(
                (table, band) => new CodeBand(
                    BandCodebooks.Book(table), Pack(codes[band], table.Bits, field.GroupWidth)))];
        progress?.Report(1);
        DynWeight weight = new(
            target.Rows,
            target.Columns,
            field.RowScale,
            field.ColumnScale,
            new MixedCodes(new BandedCodes(target.Rows, target.Columns, field.GroupWidth, bands, plan.Starts))
                .Behind(field.Metric));
        if (field.Ordered is not null)
        {
            (double error, double underH) = DecodedErrors(target, weight);
            return new FitResult(weight, error, underH, FitStatus.Converged, null);
        }

        encoder.AddUncoded();
        (double weighted, double plain) = field.Totals;
        return new FitResult(
            weight,
            plain > 0 ? encoder.Error / plain : 0,
            weighted > 0 ? encoder.WeightedError / weighted : 0,
            FitStatus.Converged,
            null);
    }

    /// <summary>
    /// g: 64 columns, which follow the energies closely and which kernels read in place, or 128 where there are many,
    /// for longer reads. Where these waste columns, the width near them that wastes the fewest.
    /// </summary>
    public static int GroupWidth(int columns)
    {
        (int min, int max, int wish) = columns >= ManyColumns ? (96, 160, 128) : (40, 96, 64);
        if (Padded(wish) - columns <= MaxWaste * columns)
        {
            return wish;
        }

        min = Math.Min(min, (columns + 7) / 8 * 8);
        (int best, long bestPadded) = (0, long.MaxValue);
        for (int width = min; width <= max; width += 8)
        {
            long padded = Padded(width);
            if (padded < bestPadded || (padded == bestPadded && Math.Abs(width - wish) < Math.Abs(best - wish)))
            {
                (best, bestPadded) = (width, padded);
            }
        }

        return best;

        long Padded(int width) => ((long)columns + width - 1) / width * width;
    }

    private static (double Plain, double Weighted) DecodedErrors(MetricTarget target, DynWeight weight)
    {
        float[] decoded = WeightDecoder.Dense(weight);
        return TargetErrors.Relative(target, Array.ConvertAll(decoded, value => (double)value));
    }

    private static PackedCodes? Pack(byte[] codes, int bits, int groupWidth)
    {
        if (codes.Length == 0)
        {
            return null;
        }

        CodeLayout layout = new(codes.Length / groupWidth, groupWidth, bits, groupWidth);
        byte[] blob = new byte[layout.ByteLength];
        CodePacker.Pack(codes, layout, blob);
        return new PackedCodes(layout, blob);
    }
}
