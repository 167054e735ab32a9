using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// How much the relative error of each weight counts at the model's outputs: noise is put on one weight at a time, as
/// large in every row and column as its numbers there, and the model is run. For small errors their effects add up, so
/// that the sum of sensitivity times error predicts the outputs' noise over signal.
/// </summary>
internal static class OutputSensitivity
{
    /// <summary>The noise's energy over the weight's: about that of 4 bits.</summary>
    private const double Noise = 0.005;

    private const int NoiseSeed = 41;

    /// <summary>A weight that these inputs do not reach is not free: others may reach it.</summary>
    private const double MinShare = 0.01;

    /// <summary>One number for each candidate; 0 for those that are skipped.</summary>
    public static double[] Measure(
        OnnxModel original, ConvertOptions options, IOutputMeter meter, CancellationToken cancellation)
    {
        ConversionDraft draft = new(original, options);
        double[] sensitivities = new double[draft.Candidates.Count];
        for (int i = 0; i < sensitivities.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            TensorProto[] tensors = draft.Candidates[i].Reason is null ? Tensors(draft.Candidates[i]) : [];
            if (tensors.Length > 0)
            {
                TensorProto[] before = Array.ConvertAll(tensors, tensor => tensor.Clone());
                foreach ((TensorProto tensor, TensorProto old) in tensors.Zip(before))
                {
                    tensor.RawData = WithNoise(tensor, draft.Model.Tensors.ReadSingles(old), i);
                }

                double snr = meter.WorstSnr(draft.Model, cancellation);
                sensitivities[i] = double.IsFinite(snr) ? Math.Pow(10, -snr / 10) / Noise : 0;
                foreach ((TensorProto tensor, TensorProto old) in tensors.Zip(before))
                {
                    Restore(tensor, old);
                }
            }
        }

        double[] known = [.. sensitivities.Where(value => value > 0).Order()];
        double min = known.Length > 0 ? MinShare * known[known.Length / 2] : 1;
        return [.. sensitivities.Select((value, i) => draft.Candidates[i].Reason is null ? Math.Max(value, min) : 0)];
    }

    private static TensorProto[] Tensors(WeightCandidate candidate) => candidate.Members.Count == 0
        ? [.. new[] { Tensor(candidate) }.OfType<TensorProto>()]
        : [.. candidate.Members.Select(Tensor).OfType<TensorProto>()];

    /// <summary>
    /// The stored tensor of floating-point numbers; null for integers behind a DequantizeLinear and the like, whose
    /// noise is not ours to choose.
    /// </summary>
    private static TensorProto? Tensor(WeightCandidate candidate)
    {
        TensorProto? tensor = candidate.Root.Initializer
            ?? (candidate.Root.Producer is { } node && ConstantNode.Is(node) ? ConstantNode.TensorOf(node) : null);
        return tensor is not null
            && (DataType)tensor.DataType is DataType.Float or DataType.Float16 or DataType.Double or DataType.Bfloat16
                ? tensor
                : null;
    }

    /// <summary>Clears the tensor's elements and returns them with noise.</summary>
    private static Google.Protobuf.ByteString WithNoise(TensorProto tensor, float[] values, int index)
    {
        int columns = (int)Math.Max(1, tensor.Dims.LastOrDefault(1));
        double[] columnEnergy = new double[columns];
        double[] rowEnergy = new double[values.Length / columns];
        for (int i = 0; i < values.Length; i++)
        {
            columnEnergy[i % columns] += (double)values[i] * values[i];
            rowEnergy[i / columns] += (double)values[i] * values[i];
        }

        double energy = rowEnergy.Sum();
        SampleGenerator random = new(NoiseSeed, index);
        for (int i = 0; energy > 0 && i < values.Length; i++)
        {
            values[i] += (float)(Math.Sqrt(Noise * rowEnergy[i / columns] * columnEnergy[i % columns] / energy)
                * random.Normal());
        }

        ModelPlacement.ClearElements(tensor);
        tensor.ClearDataLocation();
        return TensorWriter.Real(tensor.Name, (DataType)tensor.DataType, [.. tensor.Dims], values).RawData;
    }

    private static void Restore(TensorProto tensor, TensorProto before)
    {
        ModelPlacement.ClearElements(tensor);
        tensor.Dims.Clear();
        tensor.ExternalData.Clear();
        tensor.MergeFrom(before);
    }
}
