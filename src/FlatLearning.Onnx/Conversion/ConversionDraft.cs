using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Validation;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

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
    private readonly GraphIndex _index;
    private readonly ConstantFolder _folder;
    private readonly List<string> _notes = [];

    public ConversionDraft(OnnxModel original, ConvertOptions options)
    {
        (Model, _options) = (original.Clone(), options);
        if (InitializerInputs.MakeConstant(Model.Proto) is > 0 and int inputs)
        {
            _notes.Add(
                $"{inputs} weights were listed as graph inputs that a caller may replace; they are constants now");
        }

        _index = new GraphIndex(Model.Proto);
        _folder = new ConstantFolder(Model, _index);
        Constants = new ModelConstants(_folder);
        Candidates = new CandidateFinder(Constants, options).Find();
    }

    /// <summary>The copy.</summary>
    public OnnxModel Model { get; }

    /// <summary>The weights, in the order of the file.</summary>
    public IReadOnlyList<WeightCandidate> Candidates { get; }

    /// <summary>Reads their elements.</summary>
    public ModelConstants Constants { get; }

    /// <summary>
    /// Whether a weight of so many bytes would be smaller than the original, names and shapes of its parts counted.
    /// </summary>
    public static bool Pays(WeightCandidate candidate, long bytes, int tensors) =>
        bytes + (tensors * BytesPerTensorEntry) < candidate.Info.ByteLength;

    /// <summary>Rewrites the copy. Afterwards the draft is used up.</summary>
    /// <param name="outcomes">One for each candidate; null where it is skipped for its own reason.</param>
    public ConvertedModel Assemble(IReadOnlyList<WeightOutcome?> outcomes)
    {
        GraphEditor editor = new(Model.Proto);
        List<WeightReport> reports = [];
        HashSet<string> replaced = [];
        List<(string Part, WeightReport Report, DataType ElementType)> stored = [];
        for (int i = 0; i < Candidates.Count; i++)
        {
            WeightCandidate candidate = Candidates[i];
            (WeightReport report, DynWeight? weight) = Report(candidate, outcomes[i]);
            reports.Add(report);
            if (weight is not null)
            {
                (string part, long shared) = editor.Replace(candidate, weight);
                reports[^1] = report = report
                    with { StoredBytes = report.StoredBytes - shared,
                        BitsPerWeight = 8.0 * (report.StoredBytes - shared) / candidate.Info.Count };
                stored.Add((part, report, candidate.ElementType));
                replaced.UnionWith(
                    _folder.Find(candidate.Uses[0].Scope, candidate.Uses[0].ValueName, out _)!.Leaves.Select(
                        leaf => leaf.Name));
                replaced.UnionWith(candidate.Uses.SelectMany(use => use.Chain).SelectMany(node => node.Output));
                foreach ((WeightUse use, string name) in candidate.Uses.SelectMany(
                    use => use.Absorbed.Select(name => (use, name))))
                {
                    ConstantValue absorbed = _folder.Find(use.Scope, name, out _)!;
                    replaced.UnionWith(
                        absorbed.Leaves.Select(leaf => leaf.Name)
                            .Concat(absorbed.Chain.SelectMany(node => node.Output)));
                }
            }
        }

        editor.Commit(_index);
        UnusedRemover.Remove(Model.Proto, replaced);
        bool portable = false;
        if (replaced.Count > 0)
        {
            ConversionMetadata.Write(Model.Proto, _options.Description, stored);
            _notes.AddRange(LibraryLimits.Notes([.. Candidates.Where((_, i) => reports[i].SkippedReason is null)]));
            int coded = stored.Count(weight => weight.Report.Storage == StorageKinds.Entropy);
            if (coded > 0)
            {
                _notes.Add(
                    $"{coded} weights are entropy coded, which no model-local function can decode: the model runs "
                        + $"only with the library flat_custom_ops (or after 'flat-onnx restore'); '--storage "
                        + $"packed' runs anywhere");
            }

            portable = _options.Portable && PortableFunctions.Add(Model, editor.ElementTypes, _notes);
            ModelValidator.Check(Model);
        }

        return new ConvertedModel(Model, reports, portable, _notes);
    }

    private static (WeightReport Report, DynWeight? Weight) Report(WeightCandidate candidate, WeightOutcome? outcome)
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

        return (candidate.Skipped(string.Empty) with
        {
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
