using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Validation;

/// <summary>Model-local functions: each identity once, and none that calls itself.</summary>
internal static class FunctionRules
{
    public static IEnumerable<string> Check(ModelProto model)
    {
        Dictionary<(string Domain, string Name, string Overload), FunctionProto> functions = [];
        foreach (FunctionProto function in model.Functions)
        {
            if (!functions.TryAdd((NodeNames.Domain(function.Domain), function.Name, function.Overload), function))
            {
                yield return Messages.FunctionTwice(function.Domain, function.Name);
            }
        }

        Dictionary<FunctionProto, bool> finished = new(ReferenceEqualityComparer.Instance);
        foreach (FunctionProto function in model.Functions)
        {
            if (CallsItself(function))
            {
                yield return Messages.FunctionRecursive(function.Domain, function.Name);
                yield break;
            }
        }

        // Depth-first with an explicit stack: a chain of calls may be as long as the file allows.
        bool CallsItself(FunctionProto root)
        {
            Stack<(FunctionProto Function, IEnumerator<FunctionProto> Calls)> stack = [];
            Push(root);
            while (stack.TryPeek(out var top))
            {
                if (!top.Calls.MoveNext())
                {
                    finished[top.Function] = true;
                    stack.Pop();
                }
                else if (!finished.TryGetValue(top.Calls.Current, out bool done))
                {
                    Push(top.Calls.Current);
                }
                else if (!done)
                {
                    return true;
                }
            }

            return false;

            void Push(FunctionProto function)
            {
                if (finished.TryAdd(function, false))
                {
                    stack.Push((function, Calls(function).GetEnumerator()));
                }
            }
        }

        IEnumerable<FunctionProto> Calls(FunctionProto function) => function.Node
            .Concat(function.Node.SelectMany(ModelWalk.InnerGraphs).SelectMany(graph => graph.Node))
            .Select(node => functions.GetValueOrDefault((NodeNames.Domain(node.Domain), node.OpType, node.Overload)))
            .OfType<FunctionProto>();
    }
}
