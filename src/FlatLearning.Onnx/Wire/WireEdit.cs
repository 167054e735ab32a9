namespace FlatLearning.Onnx.Wire;

/// <summary>A change to the bytes of a message.</summary>
/// <param name="Position">Where.</param>
/// <param name="Removed">Bytes that go.</param>
/// <param name="Inserted">Bytes that come in their place.</param>
internal readonly record struct WireEdit(int Position, int Removed, byte[] Inserted);
