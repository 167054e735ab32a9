using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Wire;
using Google.Protobuf;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Bytes of a model's file after an edit that is not made: exact, length prefixes included. What stays is weighed once;
/// of an edit, what comes and goes.
/// </summary>
internal sealed class EditedSize
{
    private static readonly int FunctionTag = CodedOutputStream.ComputeTagSize(ModelProto.FunctionsFieldNumber);

    private readonly ModelProto _head;
    private readonly EditedTensors _tensors;
    private readonly int _opset;
    private readonly bool _hasRawText;
    private readonly Dictionary<GraphScope, long> _bytes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(DynStructure Structure, int NameLength), long> _functions = [];

    /// <summary>Weighs a model.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="index">Its index.</param>
    /// <param name="path">The file that it is to be saved as; null for a usual one.</param>
    public EditedSize(OnnxModel model, GraphIndex index, string? path)
    {
        _head = model.Proto.Clone();
        _head.Graph = null;
        _head.Functions.Clear();
        _tensors = new EditedTensors(model, index, path ?? ModelSize.UsualName);
        _hasRawText = model.HasRawText;
        _opset = checked((int)StandardOpset.Of(model.Proto));
        foreach (GraphScope scope in index.Scopes)
        {
            _bytes[scope] = SizeOf((IMessage?)scope.Graph ?? scope.Function!);
        }
    }

    /// <summary>The bytes that saving the edited model would write, with its side file.</summary>
    public long Of(ConversionEdit edit)
    {
        PortablePlan? functions = edit.PlanFunctions();
        ModelProto head = _head.Clone();
        IReadOnlyList<GraphValue> unused = edit.Unused();
        edit.EditHead(head, functions, edit.InputsThatGo(unused));
        Dictionary<GraphScope, ScopeEdit> edits = new(ReferenceEqualityComparer.Instance);
        foreach (GraphScope scope in edit.Index.Scopes)
        {
            if (edit.Editor.EditOf(scope) is { } made)
            {
                edits.Add(scope, made);
            }
        }

        (long sideBytes, IReadOnlyList<(GraphScope Scope, long Bytes)> growth) = _tensors.Place(edits, unused);
        IEnumerable<(GraphScope Scope, long Bytes)> gone = unused.Select(value => (value.Scope, -Weight(value)));
        IEnumerable<(GraphScope Scope, long Bytes)> inputs = edit.InputsThatStay(unused)
            .Select(input => (edit.Index.Scopes[0], Field(GraphProto.InputFieldNumber, input.Value)));
        Dictionary<GraphScope, long> changes = Changes(
            edit.Index, edits, gone.Concat(growth).Concat(inputs).ToLookup(item => item.Scope, item => item.Bytes));
        long total = SizeOf(head) + sideBytes;
        foreach (GraphScope scope in edit.Index.Scopes.Where(scope => scope.Outer is null))
        {
            int tag = scope.Graph is null
                ? FunctionTag
                : CodedOutputStream.ComputeTagSize(ModelProto.GraphFieldNumber);
            total += tag + WithLength(_bytes[scope] + changes[scope]);
        }

        return total + (functions?.Bodies.Sum(body => FunctionTag + WithLength(FunctionBytes(body))) ?? 0);
    }

    /// <summary>By how many bytes the message of every scope grows; those inside count in those around them.</summary>
    private Dictionary<GraphScope, long> Changes(
        GraphIndex index, Dictionary<GraphScope, ScopeEdit> edits, ILookup<GraphScope, long> others)
    {
        Dictionary<GraphScope, long> changes = new(ReferenceEqualityComparer.Instance);
        HashSet<FunctionProto> imported = new(ReferenceEqualityComparer.Instance);

        // Scopes inside come behind those around them.
        foreach (GraphScope scope in index.Scopes.Reverse())
        {
            long change = others[scope].Sum();
            if (edits.GetValueOrDefault(scope) is { } made)
            {
                change += made.Added.Sum(Weight) - made.Removed.Sum(Weight)
                    + made.Initializers.Sum(tensor => Field(GraphProto.InitializerFieldNumber, tensor))
                    + made.Types.Sum(type => Field(GraphProto.ValueInfoFieldNumber, type));
                if (scope.EnclosingFunction is { } function)
                {
                    imported.Add(function);
                }
            }

            foreach (IGrouping<NodeProto, GraphScope> inner in scope.Inner.GroupBy(inner => inner.Owner!))
            {
                change += OwnerChange(inner.Key, inner, changes);
            }

            if (scope.Function is not null && imported.Contains(scope.Function))
            {
                change += ImportBytes(scope.Function);
            }

            changes[scope] = change;
        }

        return changes;
    }

    /// <summary>By how many bytes a node grows with its prefix when the graphs in its attributes do.</summary>
    private long OwnerChange(NodeProto owner, IEnumerable<GraphScope> inner, Dictionary<GraphScope, long> changes)
    {
        GraphScope[] grown = [.. inner.Where(scope => changes[scope] != 0)];
        if (grown.Length == 0)
        {
            return 0;
        }

        long change = 0;
        foreach (AttributeProto attribute in owner.Attribute)
        {
            HashSet<GraphProto> graphs =
                new(ModelWalk.AttributeGraphs(attribute), ReferenceEqualityComparer.Instance);
            long graphsChange = grown.Where(scope => graphs.Contains(scope.Graph!))
                .Sum(scope => Change(_bytes[scope], changes[scope]));
            change += graphsChange == 0 ? 0 : Change(SizeOf(attribute), graphsChange);
        }

        return Change(SizeOf(owner), change);
    }

    private long FunctionBytes((string Name, DynStructure Structure) body)
    {
        (DynStructure, int) key = (body.Structure, body.Name.Length);
        if (!_functions.TryGetValue(key, out long bytes))
        {
            bytes = PortableFunction.Build(body.Structure, _opset, body.Name).CalculateSize();
            _functions[key] = bytes;
        }

        return bytes;
    }

    private static long ImportBytes(FunctionProto function)
    {
        FunctionProto imports = new();
        imports.OpsetImport.Add(function.OpsetImport);
        long before = imports.CalculateSize();
        GraphEditor.Import(imports.OpsetImport);
        return imports.CalculateSize() - before;
    }

    private long Weight(GraphValue value)
    {
        if (value.Producer is { } node)
        {
            return Weight(node);
        }

        long tensor = value.Initializer is { } dense
            ? Field(GraphProto.InitializerFieldNumber, dense)
            : Field(GraphProto.SparseInitializerFieldNumber, value.SparseInitializer!);
        return tensor
            + (UnusedRemover.DeclaredInput(value) is { } input ? Field(GraphProto.InputFieldNumber, input) : 0);
    }

    // In a function the field's number is another one, with a tag of one byte as well.
    private long Weight(NodeProto node) => Field(GraphProto.NodeFieldNumber, node);

    private long Field(int number, IMessage message) =>
        CodedOutputStream.ComputeTagSize(number) + WithLength(SizeOf(message));

    /// <summary>Bytes of a message with its length in front, which is a number of seven bits a byte.</summary>
    public static long WithLength(long bytes) => CodedOutputStream.ComputeUInt64Size((ulong)bytes) + bytes;

    private long SizeOf(IMessage message) => RawMessage.SizeOf(message, _hasRawText);

    private static long Change(long bytes, long change) => WithLength(bytes + change) - WithLength(bytes);
}
