using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Standard;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// What a conversion does to a model, collected weight by weight: to be made by <see cref="Apply"/>, or to be weighed
/// by <see cref="EditedSize"/> while the model stays as it is.
/// </summary>
internal sealed class ConversionEdit(
    GraphIndex index, ConstantFolder folder, NameAllocator names, int opset, IReadOnlyList<OptionalInput> inputs,
    ConvertOptions options)
{
    private readonly HashSet<string> _replaced = [];
    private readonly List<(string Part, ConversionMetadata.Entry Entry)> _entries = [];

    /// <summary>The index of the model.</summary>
    public GraphIndex Index => index;

    /// <summary>Nodes and constants that come and go.</summary>
    public GraphEditor Editor { get; } = new(index, names, opset, DomainOf(options));

    /// <summary>Whether anything is converted.</summary>
    public bool Any => _entries.Count > 0;

    /// <summary>Converts a weight.</summary>
    /// <param name="candidate">The weight as it is.</param>
    /// <param name="weight">What is stored for it.</param>
    /// <param name="error">Its relative error, for the model's metadata.</param>
    /// <returns>Bytes of a codebook that the model has already.</returns>
    public long Add(WeightCandidate candidate, WeightOutline weight, double error) =>
        Add(candidate, Editor.Replace(candidate, weight), error);

    /// <summary>Converts a weight into blocks.</summary>
    public void Add(WeightCandidate candidate, StandardWeight weight, double error) =>
        Add(candidate, Editor.Replace(candidate, weight), error);

    private long Add(WeightCandidate candidate, StoredWeight stored, double error)
    {
        _entries.Add((
            stored.Tensors[0].Name,
            new ConversionMetadata.Entry(
                ElementTypes.NameOf(candidate.Info.Type), candidate.Info.ByteLength, error,
                ElementTypes.NameOf(candidate.ElementType))));
        if (!candidate.IsTensor)
        {
            _replaced.UnionWith(
                Constant(candidate.Uses[0], candidate.Uses[0].ValueName).Leaves.Select(leaf => leaf.Name));
        }

        _replaced.UnionWith(candidate.Uses.SelectMany(use => use.Chain).SelectMany(node => node.Output));
        foreach ((WeightUse use, string name) in candidate.Uses.SelectMany(
            use => use.Absorbed.Select(name => (use, name))))
        {
            ConstantValue absorbed = Constant(use, name);
            _replaced.UnionWith(absorbed.Leaves.Select(leaf => leaf.Name));
            _replaced.UnionWith(absorbed.Chain.SelectMany(node => node.Output));
        }

        return stored.SharedBytes;
    }

    /// <summary>
    /// Names the new nodes after their functions; null where the model gets none. Weights that are dense when the model
    /// runs have functions in any case.
    /// </summary>
    public PortablePlan? PlanFunctions()
    {
        StoredNode[] stored = [
            .. Editor.Stored.Where(node => options.Portable || TensorOperator.Is(node.Node))];
        return stored.Length > 0 ? PortableFunctions.Plan(stored) : null;
    }

    /// <summary>What the model will not have any more: values that nobody reads, and replaced constants.</summary>
    public IReadOnlyList<GraphValue> Unused() =>
        [.. UnusedValues.Of(index, _replaced, Editor), .. Editor.ReplacedRoots];

    /// <summary>Inputs that a caller could replace weights by and that go with these.</summary>
    /// <param name="unused">What <see cref="Unused"/> says.</param>
    public IReadOnlyList<OptionalInput> InputsThatGo(IReadOnlyList<GraphValue> unused)
    {
        HashSet<string> gone = [.. unused.Where(value => value.Scope == index.Scopes[0]).Select(value => value.Name)];
        return [.. inputs.Where(input => gone.Contains(input.Name))];
    }

    /// <summary>
    /// Such inputs whose weights stay: the caller's to give as before, at their places among the inputs that are left.
    /// </summary>
    /// <inheritdoc cref="InputsThatGo"/>
    public IReadOnlyList<OptionalInput> InputsThatStay(IReadOnlyList<GraphValue> unused)
    {
        IReadOnlyList<OptionalInput> gone = InputsThatGo(unused);
        return [
            .. inputs.Except(gone)
                .Select(input => input with { Place = input.Place - gone.Count(one => one.Place < input.Place) })];
    }

    /// <summary>Edits what a model says beside its graphs and functions: metadata, imports and IR version.</summary>
    /// <param name="head">The model.</param>
    /// <param name="functions">The functions that it gets; null for none.</param>
    /// <param name="gone"><see cref="InputsThatGo"/>.</param>
    public void EditHead(ModelProto head, PortablePlan? functions, IReadOnlyList<OptionalInput> gone)
    {
        if (!Any)
        {
            return;
        }

        // A function's nodes move into the graphs that call it, and ONNX Runtime before 1.30 then looks at the model's
        // own imports.
        GraphEditor.Import(head.OpsetImport, DomainOf(options));
        if (options.Format == WeightFormat.OnnxRuntime)
        {
            // The first version with integers of 4 bits.
            head.IrVersion = Math.Max(head.IrVersion, 10);
        }

        ConversionMetadata.Write(head, options.Description, _entries, gone);
        if (functions is not null)
        {
            PortableFunctions.RaiseVersion(head, functions);
        }
    }

    /// <summary>Edits the model of the index, which is out of date then.</summary>
    /// <returns>The functions that it got; null where it gets none.</returns>
    public PortablePlan? Apply(ModelProto model)
    {
        PortablePlan? functions = PlanFunctions();
        IReadOnlyList<GraphValue> unused = Unused();
        Editor.Commit();
        UnusedRemover.Remove(model, _replaced);
        InitializerInputs.GiveBack(model.Graph, InputsThatStay(unused));
        EditHead(model, functions, InputsThatGo(unused));
        if (functions is not null)
        {
            PortableFunctions.Add(model, functions);
        }

        return functions;
    }

    private static string DomainOf(ConvertOptions options) =>
        options.Format == WeightFormat.OnnxRuntime ? NodeNames.RuntimeDomain : DynOperator.Domain;

    private ConstantValue Constant(WeightUse use, string name) => folder.Find(use.Scope, name, out _)!;
}
