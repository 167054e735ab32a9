namespace FlatLearning.Onnx.Quantised;

/// <summary>DequantizeLinear of a constant becomes the dense constant; see its ONNX specification.</summary>
internal sealed class DequantizeLinearSource : IQuantisedSource
{
    /// <inheritdoc/>
    public string OpType => "DequantizeLinear";

    /// <inheritdoc/>
    public string Domain => string.Empty;

    /// <inheritdoc/>
    public int CodesInput => 0;

    /// <inheritdoc/>
    public void Replace(SourceContext context)
    {
        string y = context.Node.Output[0];
        if (context.Scope.Find(y) is not { IsScopeOutput: false, InnerOutputCount: 0 }
            || context.Read(y) is not { } value)
        {
            return;
        }

        context.Store(y, CodesInput, value.Type, value.Dims, value.ToSingles());
        context.Replaced[context.Node] = [];
    }
}
