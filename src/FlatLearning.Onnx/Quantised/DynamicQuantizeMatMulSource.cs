using FlatLearning.Onnx.Graph;

namespace FlatLearning.Onnx.Quantised;

/// <summary>
/// <code>
/// y = DynamicQuantizeMatMul(x, B, b_scale, b_zero, bias)      W = (B - b_zero) b_scale
/// </code>
/// becomes MatMul and Add, x as it is; see the operator's specification in ONNX Runtime (ContribOperators.md).
/// </summary>
internal sealed class DynamicQuantizeMatMulSource : IQuantisedSource
{
    private const int Scale = 2;
    private const int Zero = 3;
    private const int Bias = 4;

    /// <inheritdoc/>
    public string OpType => "DynamicQuantizeMatMul";

    /// <inheritdoc/>
    public string Domain => NodeNames.RuntimeDomain;

    /// <inheritdoc/>
    public int CodesInput => 1;

    /// <inheritdoc/>
    public void Replace(SourceContext context)
    {
        if (ScaledCodes.Read(context, CodesInput, context.Input(Scale), context.Input(Zero), alongFirst: false)
            is not { } weight)
        {
            return;
        }

        string name = context.Store(CodesInput, weight.Type, weight.Dims, weight.Singles!);
        context.Replace(context.Product(context.Input(0), name, context.Input(Bias), context.Node.Output[0]));
    }
}
