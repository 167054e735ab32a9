using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Wire;
using Google.Protobuf;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// The tensors of a model after an edit, and where saving will put them: external ones get a new place in a new side
/// file, which changes what the model says of them.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="index">Its index.</param>
/// <param name="path">The file that it is to be saved as.</param>
internal sealed class EditedTensors(OnnxModel model, GraphIndex index, string path)
{
    private readonly SaveOptions _save = new();

    /// <summary>Places the tensors. New ones that go to the side file are changed.</summary>
    /// <param name="edits">What becomes of scopes.</param>
    /// <param name="unused">Values that go besides.</param>
    /// <returns>Bytes of the side file, and by how many bytes messages grow that a scope keeps.</returns>
    public (long SideBytes, IReadOnlyList<(GraphScope Scope, long Bytes)> Growth) Place(
        IReadOnlyDictionary<GraphScope, ScopeEdit> edits, IReadOnlyList<GraphValue> unused)
    {
        Holder[] holders = [.. Holders(edits, unused)];
        Func<TensorProto, bool> toSide =
            TensorPlacement.Policy(holders.SelectMany(holder => holder.Tensors), path, _save);
        Holder[] moving = [
            .. holders.Where(
                holder => holder.Tensors.Any(tensor => ExternalDataLocation.IsExternal(tensor) || toSide(tensor)))];
        if (moving.Length == 0)
        {
            return (0, []);
        }

        Holder[] moved = [.. moving.Select(holder => holder.IsNew ? holder : holder.Copy())];
        TensorPlacement placement =
            TensorPlacement.Of([.. moved.SelectMany(holder => holder.Tensors)], toSide, model.External, _save);
        placement.CarryBlank(ModelWriter.SideName(path));
        return (
            placement.Side.Length,
            [.. moving.Zip(moved)
                .Where(pair => !pair.First.IsNew)
                .Select(pair => (pair.First.Scope, Bytes(pair.Second) - Bytes(pair.First)))]);
    }

    private long Bytes(Holder holder) =>
        EditedSize.WithLength(RawMessage.SizeOf(holder.Message, model.HasRawText));

    /// <summary>Everything that has tensors, in the order of <see cref="ModelWalk.Tensors"/>.</summary>
    private IEnumerable<Holder> Holders(
        IReadOnlyDictionary<GraphScope, ScopeEdit> edits, IReadOnlyList<GraphValue> unused)
    {
        HashSet<IMessage> gone = new(ReferenceEqualityComparer.Instance);
        gone.UnionWith(unused.Select(Message));
        foreach (GraphScope scope in index.Scopes.Where(scope => scope.Graph is not null))
        {
            IEnumerable<Holder> added = (edits.GetValueOrDefault(scope)?.Initializers ?? [])
                .Select(tensor => new Holder(scope, tensor, IsNew: true));
            foreach (Holder holder in Kept(scope, scope.Graph!.Initializer).Concat(added)
                .Concat(Kept(scope, scope.Graph.SparseInitializer)))
            {
                yield return holder;
            }
        }

        foreach (GraphScope scope in index.Scopes.OrderBy(scope => scope.Graph is null ? 1 : 0))
        {
            // New nodes with tensors are the constants of a function, in front of its others.
            ScopeEdit? edit = edits.GetValueOrDefault(scope);
            gone.UnionWith(edit?.Removed ?? []);
            foreach (Holder holder in (edit?.Added ?? []).Select(node => new Holder(scope, node, IsNew: true))
                .Concat(Kept(scope, scope.Nodes)))
            {
                yield return holder;
            }
        }

        IEnumerable<Holder> Kept(GraphScope scope, IEnumerable<IMessage> messages) =>
            messages.Where(message => !gone.Contains(message)).Select(message => new Holder(scope, message, false));
    }

    private static IMessage Message(GraphValue value) =>
        (IMessage?)value.Initializer ?? (IMessage?)value.SparseInitializer ?? value.Producer!;

    /// <summary>A message that has tensors: a node, or an initializer.</summary>
    private sealed record Holder(GraphScope Scope, IMessage Message, bool IsNew)
    {
        public IEnumerable<TensorProto> Tensors => Message switch
        {
            TensorProto tensor => [tensor],
            SparseTensorProto sparse => ModelWalk.Parts(sparse),
            _ => ((NodeProto)Message).Attribute.SelectMany(ModelWalk.AttributeTensors),
        };

        public Holder Copy() => this with
        {
            Message = Message switch
            {
                TensorProto tensor => tensor.Clone(),
                SparseTensorProto sparse => sparse.Clone(),
                _ => ((NodeProto)Message).Clone(),
            },
        };
    }
}
