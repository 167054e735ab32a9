using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>Hands out value and node names that occur nowhere in the model, subgraphs and functions included.</summary>
internal sealed class NameAllocator
{
    private readonly NameAllocator? _known;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public NameAllocator(ModelProto model)
    {
        foreach (GraphProto graph in ModelWalk.Graphs(model))
        {
            _taken.UnionWith(graph.Input.Concat(graph.Output).Concat(graph.ValueInfo).Select(value => value.Name));
            _taken.UnionWith(graph.Initializer.Select(tensor => tensor.Name));
            _taken.UnionWith(graph.SparseInitializer.Select(tensor => tensor.Values?.Name ?? string.Empty));
        }

        _taken.UnionWith(model.Functions.SelectMany(function => function.Input.Concat(function.Output)));
        foreach (NodeProto node in ModelWalk.NodeLists(model).SelectMany(nodes => nodes))
        {
            _taken.UnionWith(node.Input.Concat(node.Output));
            _taken.Add(node.Name);
        }
    }

    private NameAllocator(NameAllocator known) => _known = known;

    /// <summary>An allocator that knows the same names and keeps to itself what it hands out.</summary>
    /// <remarks>The numbers of this one start anew, so it is for one that has handed out none.</remarks>
    public NameAllocator Fork() => new(this);

    /// <summary>The wanted name, or the wanted name with a number where it is taken.</summary>
    public string Unique(string wanted)
    {
        string name = wanted;
        while (_known?._taken.Contains(name) == true || !_taken.Add(name))
        {
            int number = _numbers.GetValueOrDefault(wanted) + 1;
            _numbers[wanted] = number;
            name = $"{wanted}_{number}";
        }

        return name;
    }
}
