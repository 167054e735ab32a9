using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Validation;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>Converts a model in memory: finds the weights, fits them in parallel, rewrites the graph.</summary>
public static class ModelConverter
{
    // A tensor's name, type and dimensions in the file, and its name in a node, beside the bytes that count as stored.
    private const long BytesPerTensorEntry = 100;

    /// <summary>Converts a validated model.</summary>
    /// <param name="original">The model; not changed.</param>
    /// <param name="options">What to convert and how.</param>
    /// <param name="progress">Receives the share of the fitting work that is done, from any thread.</param>
    /// <param name="cancellation">Stops between and within fits.</param>
    /// <exception cref="UsageException">The model is converted already, or its operator set is too old.</exception>
    /// <exception cref="OnnxModelException">A weight that was to be converted is not finite, or a tensor cannot be read.</exception>
    public static ConvertedModel Convert(
        OnnxModel original, ConvertOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        OnnxModel model = original.Clone();
        RequireConvertible(model.Proto);
        List<string> notes = [];
        if (InitializerInputs.MakeConstant(model.Proto) is > 0 and int inputs)
        {
            notes.Add($"{inputs} weights were listed as graph inputs that a caller may replace; they are constants now");
        }

        GraphIndex index = new(model.Proto);
        ConstantFolder folder = new(model, index);
        ModelConstants constants = new(folder);
        IReadOnlyList<WeightCandidate> candidates = new CandidateFinder(constants, options).Find();
        FitResult?[] fits = new CandidateFitter(constants, options).Fit(candidates, progress, cancellation);
        GraphEditor editor = new(model.Proto);
        List<WeightReport> reports = [];
        HashSet<string> replaced = [];
        List<(string Part, WeightReport Report, DataType ElementType)> stored = [];
        for (int i = 0; i < candidates.Count; i++)
        {
            (WeightReport report, DynWeight? weight) = Report(candidates[i], fits[i]);
            reports.Add(report);
            if (weight is not null)
            {
                stored.Add((editor.Replace(candidates[i], weight), report, candidates[i].ElementType));
                replaced.UnionWith(folder.Find(candidates[i].Uses[0].Scope, candidates[i].Uses[0].ValueName, out _)!.Leaves.Select(leaf => leaf.Name));
                replaced.UnionWith(candidates[i].Uses.SelectMany(use => use.Chain).SelectMany(node => node.Output));
                foreach (WeightUse use in candidates[i].Uses.Where(use => use.Bias.Kind == GemmBiasKind.New))
                {
                    ConstantValue bias = folder.Find(use.Scope, use.Node.Input[2], out _)!;
                    replaced.UnionWith(bias.Leaves.Select(leaf => leaf.Name).Concat(bias.Chain.SelectMany(node => node.Output)));
                }
            }
        }

        editor.Commit(index);
        UnusedRemover.Remove(model.Proto, replaced);
        bool portable = false;
        if (replaced.Count > 0)
        {
            ConversionMetadata.Write(model.Proto, options.Description, stored);
            notes.AddRange(LibraryLimits.Notes([.. candidates.Where((_, i) => reports[i].SkippedReason is null)]));
            int coded = stored.Count(weight => weight.Report.Storage == StorageKinds.Entropy);
            if (coded > 0)
            {
                notes.Add($"{coded} weights are entropy coded, which no model-local function can decode: the model runs only with the library flat_custom_ops (or after 'flat-onnx restore'); '--storage packed' runs anywhere");
            }

            portable = options.Portable && PortableFunctions.Add(model, editor.ElementTypes, notes);
            ModelValidator.Check(model);
        }

        return new ConvertedModel(model, reports, portable, notes);
    }

    private static (WeightReport Report, DynWeight? Weight) Report(WeightCandidate candidate, FitResult? fit)
    {
        if (candidate.Reason is { } reason)
        {
            return (candidate.Skipped(reason), null);
        }

        if (fit!.Status == FitStatus.NotFinite)
        {
            throw new OnnxModelException(Messages.WeightNotFinite(candidate.Name, fit.Reason!));
        }

        if (fit.Weight is not { } weight)
        {
            return (candidate.Skipped(fit.Reason!), null);
        }

        int tensors = DynWeightWriter.Write(weight).Inputs.Count;
        if (weight.StoredBytes + (tensors * BytesPerTensorEntry) >= candidate.Info.ByteLength)
        {
            return (candidate.Skipped($"{weight.Describe()} would take {weight.StoredBytes} bytes and is no smaller than the original"), null);
        }

        return (candidate.Skipped(string.Empty) with
        {
            StoredBytes = weight.StoredBytes,
            BitsPerWeight = 8.0 * weight.StoredBytes / candidate.Info.Count,
            Error = fit.Error,
            Representation = weight.Describe(),
            Storage = weight.Attributes.Storage,
            Hessian = "identity",
            SkippedReason = null,
        }, weight);
    }

    private static void RequireConvertible(ModelProto model)
    {
        if (ModelWalk.NodeLists(model).SelectMany(nodes => nodes).Any(node => node.Domain == DynOperator.Domain))
        {
            throw new UsageException(Messages.AlreadyConverted());
        }

        long opset = StandardOpset.Of(model);
        if (opset < StandardOpset.Oldest)
        {
            throw new UsageException(Messages.OpsetTooOld(opset, StandardOpset.Oldest));
        }
    }
}
