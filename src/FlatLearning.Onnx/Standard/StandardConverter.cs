using FlatLearning.Fitting;
using FlatLearning.Fitting.Blocks;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Sensitivity;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Standard;

/// <summary>
/// Converts a model to ONNX Runtime's own operators: measures what every format of every weight loses, chooses formats
/// such that the relative errors, each counted by its elements, are least together within the bytes, and fits them.
/// </summary>
internal sealed class StandardConverter
{
    /// <summary>Bits per weight where nothing is asked for: 4 in blocks of 32, with scales of 16 bits.</summary>
    public const double DefaultBits = 4.5;

    /// <summary>Elements of a weight that formats are tried on.</summary>
    private const int SampleElements = 1 << 15;

    private const int SizeRounds = 5;

    private readonly OnnxModel _original;
    private readonly ConvertOptions _options;
    private readonly ConversionDraft _draft;
    private readonly ModelHessians _hessians;
    private readonly IReadOnlyList<StandardOption>[] _choices;
    private readonly Dictionary<(int Candidate, BlockFormat Format), Fitted> _fits = [];
    private readonly CancellationToken _cancellation;

    // The loss of the newest plan: relative errors, each counted by its elements.
    private double _predicted;

    private StandardConverter(OnnxModel original, ConvertOptions options, CancellationToken cancellation)
    {
        (_original, _options, _cancellation) = (original, options, cancellation);
        _draft = new ConversionDraft(original, options);
        _hessians = ModelHessians.Collect(original, _draft, options, cancellation);
        _choices = Measure();
    }

    /// <summary>Converts.</summary>
    /// <param name="original">The model; not changed.</param>
    /// <param name="options">What to convert and how; a target of bits or of a size, or none.</param>
    /// <param name="progress">Receives the share of the work that is done.</param>
    /// <param name="cancellation">Stops between and within fits.</param>
    public static ConvertedModel Convert(
        OnnxModel original, ConvertOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        StandardConverter converter = new(original, options, cancellation);
        PlanTarget target = options.Target ?? PlanTarget.BitsPerWeight(DefaultBits);
        ConvertedModel converted = target.Kind == TargetKind.Size
            ? converter.WithinSize(target, progress)
            : converter.WithinBits(target.Value, progress);
        return converted with
        {
            Notes = [.. converted.Notes, .. converter._hessians.Notes],
            Target = options.Target is null ? null : converted.Target,
        };
    }

    private IEnumerable<int> Planned => Enumerable.Range(0, _choices.Length).Where(i => _choices[i].Count > 0);

    private long Elements => Planned.Sum(i => _draft.Candidates[i].Info.Count);

    private ConvertedModel WithinBits(double bits, IProgress<double>? progress)
    {
        ConvertedModel converted = Within((long)(bits * Elements / 8), progress);
        double reached = Elements == 0 ? 0 : 8.0 * StoredBytes(converted) / Elements;
        return converted with { Target = Report(converted, "bits", bits, reached, reached <= bits) };
    }

    private TargetReport Report(ConvertedModel converted, string kind, double asked, double reached, bool met)
    {
        double error = converted.Weights.Where(weight => weight.SkippedReason is null)
            .Sum(weight => weight.Error!.Value * _draft.Candidates[weight.Candidate].Info.Count);
        double elements = Math.Max(1, Elements);
        return new TargetReport(
            kind, asked, reached, met, SizeOf(converted), _predicted / elements, error / elements);
    }

    private long SizeOf(ConvertedModel converted) => ModelSize.WhenSaved(
        converted.Model, _options.Output ?? ModelSize.UsualName, new SaveOptions());

    private static long StoredBytes(ConvertedModel converted) =>
        converted.Weights.Where(weight => weight.SkippedReason is null).Sum(weight => weight.StoredBytes);

    // The formats of every weight that pays, with their errors on some columns.
    private IReadOnlyList<StandardOption>[] Measure()
    {
        CandidateWork work = new(_draft.Constants, _options.Threads);
        IReadOnlyList<StandardOption>?[] measured = work.Run(
            _draft.Candidates, (i, elements, _) => Options(i, elements, work), null, _cancellation);
        return [.. measured.Select(options => options ?? [])];
    }

    private IReadOnlyList<StandardOption>? Options(int index, float[] elements, CandidateWork work)
    {
        WeightCandidate candidate = _draft.Candidates[index];
        if (UnfitWeight.Of(candidate, elements) is not null || Unsupported(candidate) is not null)
        {
            return null;
        }

        FitOptions fitting = new() { Workers = work.Workers };
        ScaleType scales = ScalesOf(candidate, elements);
        return [
            .. StandardOption.Formats(candidate, Opset)
                .Select(Tried)
                .Where(option => option.Pays(candidate.Info.ByteLength))];

        StandardOption Tried(BlockFormat format)
        {
            StandardShape shape = ShapeOf(candidate, format);
            int columns = Math.Clamp(SampleElements / shape.Rows, 1, shape.Columns);
            float[] sample = Columns(shape.Matrix(elements), shape, columns);
            BlockCodes codes = BlockFitter.Fit(sample, shape.Rows, columns, format, scales, fitting, _cancellation);
            return new StandardOption(format, StandardOption.BytesOf(shape, format, scales), codes.Error(sample));
        }
    }

    private int Opset => checked((int)StandardOpset.Of(_original.Proto));

    private StandardShape ShapeOf(WeightCandidate candidate, BlockFormat format) =>
        StandardShape.Of(candidate, format, Opset);

    private ConvertedModel WithinSize(PlanTarget target, IProgress<double>? progress)
    {
        long original = ModelSize.Of(_original);
        long limit = (long)(target.IsShare ? target.Value * original : target.Value);
        long budget = limit;
        ConvertedModel converted = Within(budget, progress);
        for (int round = 0; ; round++)
        {
            long size = SizeOf(converted);
            TargetReport report = Report(converted, "size", limit, size, size <= limit);
            long over = size - limit;
            bool isClose = over <= 0 && -over < limit / 500;
            if (isClose || round == SizeRounds || budget - over <= 0)
            {
                return converted with { Target = report };
            }

            budget -= over;
            ConvertedModel next = Within(budget, progress);
            if (over <= 0 && (SizeOf(next) > limit || StoredBytes(next) == StoredBytes(converted)))
            {
                return converted with { Target = report };
            }

            converted = next;
        }
    }

    // The model of the best formats within the bytes.
    private ConvertedModel Within(long bytes, IProgress<double>? progress)
    {
        int[] planned = [.. Planned];
        Allocation plan = new Allocator([
            .. planned.Select(i => _choices[i]
                .Select(option => (option.Bytes, option.Error * _draft.Candidates[i].Info.Count)).ToArray())])
            .Within(bytes);
        _predicted = plan.Loss;
        BlockFormat?[] formats = new BlockFormat?[_choices.Length];
        for (int i = 0; i < planned.Length; i++)
        {
            formats[planned[i]] = _choices[planned[i]][plan.Choice[i]].Format;
        }

        Fit(formats, progress);
        return Assemble(formats);
    }

    private void Fit(BlockFormat?[] formats, IProgress<double>? progress)
    {
        HashSet<int> missing = [
            .. Enumerable.Range(0, formats.Length)
                .Where(i => formats[i] is { } format && !_fits.ContainsKey((i, format)))];
        CandidateWork work = new(_draft.Constants, _options.Threads);
        Fitted?[] fits = work.Run(
            _draft.Candidates,
            (i, elements, share) => FitOne(i, elements, formats[i]!, work),
            progress, _cancellation, missing);
        foreach (int i in missing)
        {
            _fits[(i, formats[i]!)] = fits[i]!;
        }
    }

    private Fitted FitOne(int index, float[] elements, BlockFormat format, CandidateWork work)
    {
        WeightCandidate candidate = _draft.Candidates[index];
        StandardShape shape = ShapeOf(candidate, format);
        float[] matrix = shape.Matrix(elements);
        WeightHessian hessian = shape.Kind == StandardKind.Product
            ? _hessians.Choose(index, candidate, matrix, work.Workers, _cancellation)
            : WeightHessian.Identity;
        ScaleType scales = ScalesOf(candidate, matrix);
        BlockCodes codes = BlockFitter.Fit(
            matrix, shape.Rows, shape.Columns, format, scales,
            new FitOptions { Hessian = hessian.Hessian, Workers = work.Workers }, _cancellation);
        return new Fitted(
            new StandardWeight(shape, codes, scales, candidate.ElementType), codes.Error(matrix), hessian.Source);
    }

    private ConvertedModel Assemble(BlockFormat?[] formats)
    {
        ConversionDraft draft = new(_original, _options);
        ConversionEdit edit = draft.Edit();
        List<WeightReport> reports = [];
        for (int i = 0; i < formats.Length; i++)
        {
            WeightCandidate candidate = draft.Candidates[i];
            if (formats[i] is not { } format)
            {
                string reason = candidate.Reason ?? Unsupported(candidate)
                    ?? "it holds numbers that are not finite, or no blocks of it are smaller than the original";
                reports.Add(candidate.Skipped(reason) with { Candidate = i });
                continue;
            }

            Fitted fit = _fits[(i, format)];
            edit.Add(candidate, fit.Weight, fit.Error);
            long bytes = StandardOption.BytesOf(fit.Weight.Shape, format, fit.Weight.Scales);
            reports.Add(candidate.Skipped(string.Empty) with
            {
                Candidate = i,
                StoredBytes = bytes,
                BitsPerWeight = 8.0 * bytes / candidate.Info.Count,
                Error = fit.Error,
                Representation = fit.Weight.Description,
                Storage = StandardWeight.Storage,
                Hessian = fit.Hessian,
                SkippedReason = null,
            });
        }

        return draft.Finish(edit, reports);
    }

    private static ScaleType ScalesOf(WeightCandidate candidate, float[] matrix) =>
        candidate.ElementType == DataType.Float16 ? ScaleType.Float16 : BlockFitter.ScalesOf(matrix);

    private static string? Unsupported(WeightCandidate candidate) => candidate switch
    {
        { ElementType: not (DataType.Float or DataType.Float16) } =>
            "ONNX Runtime's block formats have float32 and float16 values alone",
        { Uses: [TensorUse { IsValues: true } or TensorUse { IsExact: true }] } =>
            "its elements are taken one by one, or are few different numbers: a table or a mask",
        _ => null,
    };

    private static float[] Columns(float[] matrix, StandardShape shape, int count)
    {
        float[] sample = new float[shape.Rows * count];
        for (int i = 0; i < count; i++)
        {
            int column = (int)((long)i * shape.Columns / count);
            for (int k = 0; k < shape.Rows; k++)
            {
                sample[(k * count) + i] = matrix[(k * shape.Columns) + column];
            }
        }

        return sample;
    }

    // A weight in one format.
    private sealed record Fitted(StandardWeight Weight, double Error, string Hessian);
}
