using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Graph;

/// <summary>
/// The order in which a scope's nodes can run. A node depends on the producers of its own inputs and of every name that
/// its subgraphs take from this scope.
/// </summary>
internal static class TopologicalOrder
{
    /// <summary>Orders a scope's nodes.</summary>
    /// <param name="scope">The scope; not changed.</param>
    /// <param name="stuck">Where there is no order: the nodes on and behind cycles, in file order; else empty.</param>
    /// <returns>The nodes, each after those it depends on, and otherwise in file order; null where they form a
    /// cycle.</returns>
    public static IReadOnlyList<NodeProto>? Of(GraphScope scope, out IReadOnlyList<NodeProto> stuck)
    {
        ArgumentNullException.ThrowIfNull(scope);
        IList<NodeProto> nodes = scope.Nodes;
        Dictionary<NodeProto, int> positions = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < nodes.Count; i++)
        {
            positions[nodes[i]] = i;
        }

        int[] waiting = new int[nodes.Count];
        List<int>[] waiters = [.. nodes.Select(_ => new List<int>())];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (int producer in Dependencies(scope, nodes[i], positions))
            {
                waiting[i]++;
                waiters[producer].Add(i);
            }
        }

        // Kahn's algorithm; the queue is ordered by position in the file, so an order that is right already is kept.
        PriorityQueue<int, int> ready = new();
        for (int i = 0; i < nodes.Count; i++)
        {
            if (waiting[i] == 0)
            {
                ready.Enqueue(i, i);
            }
        }

        List<NodeProto> order = new(nodes.Count);
        bool[] done = new bool[nodes.Count];
        while (ready.TryDequeue(out int next, out _))
        {
            order.Add(nodes[next]);
            done[next] = true;
            foreach (int waiter in waiters[next])
            {
                if (--waiting[waiter] == 0)
                {
                    ready.Enqueue(waiter, waiter);
                }
            }
        }

        stuck = [.. nodes.Where((_, i) => !done[i])];
        return stuck.Count == 0 ? order : null;
    }

    /// <summary>
    /// The names that a node reads: its own inputs, then those that its subgraphs take from around them, each once.
    /// </summary>
    public static IEnumerable<string> NamesRead(GraphScope scope, NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(node);
        return node.Input
            .Concat(scope.Inner.Where(inner => ReferenceEquals(inner.Owner, node)).SelectMany(OuterNames))
            .Where(name => name.Length > 0)
            .Distinct();
    }

    private static IEnumerable<string> OuterNames(GraphScope inner) => inner.Nodes.SelectMany(node => node.Input)
        .Concat(inner.Inner.SelectMany(OuterNames))
        .Concat(inner.Graph!.Output.Select(output => output.Name))
        .Where(name => !inner.Values.ContainsKey(name));

    private static IEnumerable<int> Dependencies(GraphScope scope, NodeProto node, Dictionary<NodeProto, int> positions)
    {
        HashSet<int> found = [];
        foreach (string name in NamesRead(scope, node))
        {
            if (scope.Values.TryGetValue(name, out GraphValue? value) && value.Producer is { } producer)
            {
                found.Add(positions[producer]);
            }
        }

        return found;
    }
}
