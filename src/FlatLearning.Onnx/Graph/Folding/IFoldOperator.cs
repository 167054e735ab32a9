using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>Evaluates one operator of the standard domain on constants, for every operator set that has it.</summary>
internal interface IFoldOperator
{
    /// <summary>The operator's name.</summary>
    string OpType { get; }

    /// <summary>The first output.</summary>
    /// <param name="inputs">The node with its inputs' values.</param>
    /// <returns>The value; null where the node is malformed or its result is not defined or not exactly known
    /// here.</returns>
    DenseTensor? Evaluate(FoldInputs inputs);
}
