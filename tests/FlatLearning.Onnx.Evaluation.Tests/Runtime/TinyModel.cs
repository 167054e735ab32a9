using System.Text;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Tests.Runtime;

/// <summary>
/// Models of one or two standard operators, written byte by byte: field numbers are those of the ONNX format.
/// </summary>
internal static class TinyModel
{
    /// <summary>A session of a model.</summary>
    public static InferenceSession Open(byte[] model)
    {
        using SessionOptions options = OrtRuntime.Options();
        return new InferenceSession(model, options);
    }

    /// <summary>y = Identity(x) for an element type, x of shape [batch, 3]; metadata and a producer are set.</summary>
    public static byte[] Identity(TensorElementType type) => Model(
        Join(Node("Identity", ["x"], ["y"]), Field(2, Utf8("tiny")), Value(11, "x", type), Value(12, "y", type)));

    /// <summary>sum = a + b and difference = a - b in float.</summary>
    public static byte[] SumAndDifference() => Model(Join(
        Node("Add", ["a", "b"], ["sum"]),
        Node("Sub", ["a", "b"], ["difference"]),
        Field(2, Utf8("tiny")),
        Value(11, "a", TensorElementType.Float),
        Value(11, "b", TensorElementType.Float),
        Value(12, "sum", TensorElementType.Float),
        Value(12, "difference", TensorElementType.Float)));

    private static byte[] Model(byte[] graph) => Join(
        Number(1, 8),
        Field(2, Utf8("test producer")),
        Field(7, graph),
        Field(8, Join(Field(1, []), Number(2, 17))),
        Field(14, Join(Field(1, Utf8("key")), Field(2, Utf8("välue")))));

    private static byte[] Node(string operation, string[] inputs, string[] outputs) => Field(
        1,
        Join(
            [
                .. inputs.Select(i => Field(1, Utf8(i))),
                .. outputs.Select(o => Field(2, Utf8(o))),
                Field(4, Utf8(operation))]));

    private static byte[] Value(int field, string name, TensorElementType type)
    {
        byte[] shape = Join(Field(1, Field(2, Utf8("batch"))), Field(1, Number(1, 3)));
        return Field(
            field, Join(Field(1, Utf8(name)), Field(2, Field(1, Join(Number(1, (int)type), Field(2, shape))))));
    }

    private static byte[] Field(int number, byte[] content) =>
        Join([(byte)((number << 3) | 2)], Varint(content.Length), content);

    private static byte[] Number(int number, int value) => Join([(byte)(number << 3)], Varint(value));

    private static byte[] Varint(int value) =>
        value < 128 ? [(byte)value] : [(byte)(value | 128), .. Varint(value >> 7)];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p)];
}
