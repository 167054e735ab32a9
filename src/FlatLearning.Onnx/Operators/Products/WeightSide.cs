namespace FlatLearning.Onnx.Operators.Products;

/// <summary>On which side of the product the constant stands.</summary>
internal enum WeightSide
{
    /// <summary>y = x W.</summary>
    Right,

    /// <summary>y = W x, converted as its transpose.</summary>
    Left,
}
