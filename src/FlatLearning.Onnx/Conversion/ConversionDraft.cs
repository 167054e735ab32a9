using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Validation;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// A copy of a model in which its weights have been found and can be replaced, once. The same model and options give
/// the same candidates in the same order.
/// </summary>
internal sealed class ConversionDraft
{
    // A tensor's name, type and dimensions in the file, and its name in a node, beside the bytes that count as stored.
    private const long BytesPerTensorEntry = 100;

    private readonly ConvertOptions _options;
    private readonly ConstantFolder _folder;
    private readonly NameAllocator _names;
    private readonly IReadOnlyList<OptionalInput> _inputs;
    private readonly List<string> _notes = [];

    public ConversionDraft(OnnxModel original, ConvertOptions options)
    {
        (Model, _options) = (original.Clone(), options);
        _inputs = InitializerInputs.MakeConstant(Model.Proto);
        _folder = new ConstantFolder(Model, new GraphIndex(Model.Proto));
        _names = new NameAllocator(Model.Proto);
        Constants = new ModelConstants(_folder);
        Candidates = new CandidateFinder(Constants, TensorFacts.Of(original), options).Find();
    }

    /// <summary>The copy.</summary>
    public OnnxModel Model { get; }

    /// <summary>The weights, in the order of the file.</summary>
    public IReadOnlyList<WeightCandidate> Candidates { get; }

    /// <summary>Reads their elements.</summary>
    public ModelConstants Constants { get; }

    private int Opset => checked((int)StandardOpset.Of(Model.Proto));

    /// <summary>
    /// The standard operator set that the function of a weight is written for; null where it gets none. A weight that
    /// is dense when the model runs always gets one.
    /// </summary>
    public int? FunctionOpset(WeightCandidate candidate) =>
        _options.Portable || candidate.IsTensor ? Opset : null;

    /// <summary>What is stored for a candidate.</summary>
    public WeightOutline Outline(WeightCandidate candidate, DynWeight weight)
    {
        WeightOutline outline = WeightOutline.Of(weight, FunctionOpset(candidate));
        return candidate.TensorForm is { } form && outline.Structure is { } structure
            ? outline with { Structure = structure with { Tensor = form, ElementType = candidate.ElementType } }
            : outline;
    }

    /// <summary>
    /// Whether a weight of so many bytes would be smaller than the original, names and shapes of its parts counted.
    /// </summary>
    public static bool Pays(WeightCandidate candidate, long bytes, int tensors) =>
        bytes + (tensors * BytesPerTensorEntry) < candidate.Info.ByteLength;

    /// <summary>The same for what is stored of a weight.</summary>
    public static bool Pays(WeightCandidate candidate, WeightOutline weight) =>
        Pays(candidate, weight.StoredBytes, weight.Parts.Inputs.Count);

    /// <summary>An edit of the copy that converts nothing yet.</summary>
    public ConversionEdit Edit() => new(Constants.Index, _folder, _names.Fork(), Opset, _inputs, _options);

    /// <summary>Rewrites the copy. Afterwards the draft is used up.</summary>
    /// <param name="outcomes">One for each candidate; null where it is skipped for its own reason.</param>
    public ConvertedModel Assemble(IReadOnlyList<WeightOutcome?> outcomes)
    {
        ConversionEdit edit = Edit();
        List<WeightReport> reports = [];
        List<WeightCandidate> converted = [];
        DraftReports members = new(Constants, _options.PredictOnly);
        for (int i = 0; i < Candidates.Count; i++)
        {
            (WeightReport report, DynWeight? weight) = Report(Candidates[i], outcomes[i]);
            if (weight is not null)
            {
                long bytes = weight.StoredBytes
                    - edit.Add(Candidates[i], Outline(Candidates[i], weight), report.Error!.Value);
                report = report
                    with { StoredBytes = bytes, BitsPerWeight = 8.0 * bytes / Candidates[i].Info.Count };
                converted.Add(Candidates[i]);
            }

            reports.AddRange(members.Of(Candidates[i], report with { Candidate = i }, weight));
        }

        if (!edit.Any)
        {
            InitializerInputs.GiveBack(Model.Proto.Graph, _inputs);
            return new ConvertedModel(Model, reports, Portable: false, _notes);
        }

        PortablePlan? functions = edit.Apply(Model.Proto);
        int inputs = _inputs.Count(input => !Model.Proto.Graph.Input.Contains(input.Value));
        if (inputs > 0)
        {
            _notes.Add(
                $"{inputs} weights were listed as graph inputs that a caller may replace; they are constants now, "
                    + "until 'flat-onnx restore' lists them again");
        }

        _notes.AddRange(LibraryLimits.Notes(converted));
        int coded = reports.Count(report => report.Storage == StorageKinds.Entropy);
        if (coded > 0)
        {
            _notes.Add(
                $"{coded} weights are entropy coded, which no model-local function can decode: the model runs "
                    + "only with the library flat_custom_ops (or after 'flat-onnx restore'); '--storage "
                    + "packed' runs anywhere");
        }

        _notes.AddRange(functions?.Notes ?? []);
        ModelValidator.Check(Model);
        bool hasAll = _options.Portable || converted.TrueForAll(candidate => candidate.IsTensor);
        return new ConvertedModel(Model, reports, hasAll && functions is { IsComplete: true }, _notes);
    }

    /// <summary>Makes an edit of operators of ONNX Runtime. Afterwards the draft is used up.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="reports">What became of every weight.</param>
    public ConvertedModel Finish(ConversionEdit edit, IReadOnlyList<WeightReport> reports)
    {
        if (edit.Any)
        {
            edit.Apply(Model.Proto);
            ModelValidator.Check(Model);
        }

        return new ConvertedModel(Model, reports, Portable: true, _notes);
    }

    private (WeightReport Report, DynWeight? Weight) Report(WeightCandidate candidate, WeightOutcome? outcome)
    {
        if ((candidate.Reason ?? outcome?.Stays) is { } reason)
        {
            return (
                candidate.Skipped(reason) with { Choice = outcome?.Choice, Faulty = outcome?.IsFaulty == true }, null);
        }

        FitResult fit = outcome!.Fit!;
        if (fit.Weight is not { } weight)
        {
            return (candidate.Skipped(fit.Reason!), null);
        }

        if (!Pays(candidate, weight.StoredBytes, DynWeightWriter.Write(weight).Inputs.Count))
        {
            return (candidate.Skipped(
                $"{weight.Describe()} would take {weight.StoredBytes} bytes and is no smaller than the original"),
                    null);
        }

        if (candidate.IsTensor && Outline(candidate, weight) is { Structure: null, Reason: var none })
        {
            return (candidate.Skipped($"its nodes need dense values, and {weight.Describe()} has no form in standard "
                + $"operators since {none}"), null);
        }

        return (candidate.Skipped(string.Empty) with
        {
            Dense = candidate.DenseReason,
            StoredBytes = weight.StoredBytes,
            BitsPerWeight = 8.0 * weight.StoredBytes / candidate.Info.Count,
            Error = fit.Error,
            Representation = weight.Describe(),
            Storage = weight.Storage,
            Hessian = outcome.Hessian,
            SkippedReason = null,
            Choice = outcome.Choice,
            PredictedError = outcome.PredictedError,
        }, weight);
    }
}
