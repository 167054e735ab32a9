using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators;

/// <summary>A use of a constant that can be rewritten.</summary>
/// <param name="Constant">Where the constant is read.</param>
/// <param name="View">How it is seen as a matrix.</param>
internal abstract record WeightUse(ConstantUse Constant, MatrixView View)
{
    /// <summary>The scope of the node.</summary>
    public virtual GraphScope Scope => Constant.Scope;

    /// <summary>The node.</summary>
    public NodeProto Node => Constant.Node;

    /// <summary>The nodes between the stored constant and this node.</summary>
    public virtual IReadOnlyList<NodeProto> Chain => Constant.Chain;

    /// <summary>Name of the value that reaches the node.</summary>
    public virtual string ValueName => Constant.ValueName;

    /// <summary>Why a weight stays that has no other uses than such; one clause, or null.</summary>
    public string? Objection { get; init; }

    /// <summary>
    /// The value whose rows, along its last axis, multiply the matrix; null where these vectors are no such rows.
    /// </summary>
    public abstract string? Vectors { get; }

    /// <summary>Names of other constants that the rewrite stores anew, so that the old ones may go.</summary>
    public virtual IEnumerable<string> Absorbed => [];

    /// <summary>
    /// Equal for two uses where the same K x N matrix serves both: what the chain computes, and the view. Copies count
    /// for nothing, and transpositions of a matrix for what they come to.
    /// </summary>
    public (string Chain, MatrixView View) Form
    {
        get
        {
            NodeProto[] nodes = [.. Chain.Where(node => node.OpType != "Identity")];
            if (Constant.Stored.Dims.Length == 2 && View is ProductView view
                && Array.TrueForAll(nodes, IsTransposition))
            {
                return (string.Empty, view with { Transposed = view.Transposed ^ (nodes.Length % 2 != 0) });
            }

            return (
                string.Join(
                    '|',
                    nodes.Select(node => $"{node.OpType}({string.Join(',', node.Input.Skip(1))};{node.Attribute})")),
                View);
        }
    }

    /// <summary>Plans the nodes that take the place of the present ones.</summary>
    public abstract void Rewrite(RewriteContext context);

    private static bool IsTransposition(NodeProto node) =>
        node.OpType == "Transpose" && node.Ints("perm") is null or [1, 0];
}
