using FlatLearning.Fitting.Peers;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>A model whose MatMul and Gemm weights went through a format of others and are dense again.</summary>
internal static class PeerModel
{
    /// <summary>
    /// Writes the model with every weight stored in a format and read back. Returns the format's bits per weight.
    /// </summary>
    public static double Write(string path, string target, IReadOnlyList<MatrixWeight> weights, IPeerFormat peer)
    {
        OnnxModel model = OnnxModelFile.Load(path).Clone();
        (double bytes, double elements) = (0, 0);
        foreach (MatrixWeight weight in weights)
        {
            PeerResult result = peer.RoundTrip(new PeerMatrix(weight.Values, weight.Rows, weight.Columns));
            bytes += result.StoredBytes;
            elements += result.Values.Length;
            Replace(model, weight, result.Values);
        }

        OnnxModelFile.Save(model, target, new SaveOptions { Existing = ExistingFile.Replace });
        return 8 * bytes / elements;
    }

    /// <summary>Puts other values [K, N] in the place of a weight's.</summary>
    private static void Replace(OnnxModel model, MatrixWeight weight, float[] values)
    {
        TensorProto tensor = model.Proto.Graph.Initializer.Single(initializer => initializer.Name == weight.Name);
        float[] stored = weight.Transposed ? MatrixTranspose.Of(values, weight.Rows, weight.Columns) : values;
        tensor.RawData = TensorWriter.Float32(tensor.Name, [.. tensor.Dims], stored).RawData;
        tensor.FloatData.Clear();
    }
}
