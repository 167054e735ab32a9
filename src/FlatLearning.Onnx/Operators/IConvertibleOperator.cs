using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators;

/// <summary>
/// A standard operator whose constant weights can be stored as ours: one file each, listed in
/// <see cref="ConvertibleOperators"/>. See <c>docs/decisions/0008-operators-in-a-registry.md</c>.
/// </summary>
internal interface IConvertibleOperator
{
    /// <summary>The operator's type, as <c>--op-types</c> names it.</summary>
    string OpType { get; }

    /// <summary>The operator's domain; "" is the standard one.</summary>
    string Domain => string.Empty;

    /// <summary>Whether it is a matrix product.</summary>
    bool IsProduct => true;

    /// <summary>Positions of the inputs that may be weights, the usual one first.</summary>
    IReadOnlyList<int> WeightInputs { get; }

    /// <summary>How a weight at an input becomes the K x N matrix that is fitted.</summary>
    /// <param name="node">A node of this operator.</param>
    /// <param name="input">One of <see cref="WeightInputs"/>.</param>
    ProductView ViewOf(NodeProto node, int input);

    /// <summary>
    /// How such a tensor is seen where it is stored packed and stays dense at run time: the axes that are summed over,
    /// rising, which become the rows of the matrix.
    /// </summary>
    /// <param name="node">A node of this operator.</param>
    /// <param name="input">One of <see cref="WeightInputs"/>.</param>
    /// <param name="rank">The tensor's rank, 1 or more.</param>
    IReadOnlyCollection<int> DenseRowsOf(NodeProto node, int input, int rank);

    /// <summary>Decides whether a constant at one of <see cref="WeightInputs"/> can be replaced.</summary>
    /// <param name="use">Where the constant is read; the node's attributes are known.</param>
    /// <param name="context">What else is known of the model.</param>
    Classification Classify(ConstantUse use, OperatorContext context);

    /// <summary>The rank of the node's first output.</summary>
    /// <param name="node">A node of this operator.</param>
    /// <param name="rankOf">The rank of a value by name; <see cref="RankInference.Unknown"/> where it is not
    /// known.</param>
    int RankOf(NodeProto node, Func<string, int> rankOf);

    /// <summary>
    /// Standard nodes that compute with a dense weight what one of our nodes computes; null where that node is another
    /// operator's to restore.
    /// </summary>
    IReadOnlyList<NodeProto>? Restore(RestoreContext context) => null;
}
