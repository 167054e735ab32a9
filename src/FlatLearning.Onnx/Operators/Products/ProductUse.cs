using FlatLearning.Onnx.Graph;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>A constant that is one operand of a matrix product.</summary>
/// <param name="Constant">Where the constant is read.</param>
/// <param name="View">How it is seen as a matrix.</param>
internal abstract record ProductUse(ConstantUse Constant, MatrixView View) : WeightUse(Constant, View)
{
    /// <summary>On which side of the product the constant stands.</summary>
    public WeightSide Side => SideOf(Constant.Place);

    /// <summary>Name of the other operand.</summary>
    public string Other => OtherOf(Constant.Place);

    /// <summary>What becomes of what is added to the product.</summary>
    public ProductBias Bias { get; init; } = ProductBias.None;

    /// <summary>The value that <see cref="Bias"/> is about.</summary>
    public abstract string BiasName { get; }

    /// <inheritdoc/>
    public override IEnumerable<string> Absorbed => Bias.Kind == ProductBiasKind.New ? [BiasName] : [];

    /// <summary>The side of an operand.</summary>
    public static WeightSide SideOf(ValueUse place) => place.InputIndex == 1 ? WeightSide.Right : WeightSide.Left;

    /// <summary>The name of the other one.</summary>
    public static string OtherOf(ValueUse place) => place.Node.Input[1 - place.InputIndex];
}
