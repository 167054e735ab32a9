using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.TestData;
using FlatLearning.Onnx.Wire;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>ONNX test data: one run for each set, with the outputs to expect where the set has them.</summary>
/// <param name="folder">A folder with test_data_set_N folders, or one such folder.</param>
internal sealed class TestDataInputSource(string folder) : InputSource
{
    /// <inheritdoc/>
    internal override PreparedInputs Prepare(ModelRunner original)
    {
        ArgumentNullException.ThrowIfNull(original);
        ComparisonSample[] samples = [
            .. TestDataSet.ReadAll(folder).Take(Limit ?? int.MaxValue).Select(set => Sample(set, original))];
        return new PreparedInputs($"the test data in '{folder}'", samples, []);
    }

    private static ComparisonSample Sample(TestDataSet set, ModelRunner original)
    {
        string[] inputs = [.. original.Inputs.Select(input => input.Name)];
        if (set.Inputs.Count != inputs.Length)
        {
            throw new UsageException(Messages.TestDataCount(set.Folder, inputs.Length, set.Inputs.Count));
        }

        return new ComparisonSample
        {
            Inputs = ByName(set.Folder, set.Inputs, inputs),
            Expected = ByName(set.Folder, set.Outputs, [.. original.Outputs.Select(output => output.Name)]),
        };
    }

    /// <summary>Tensors by their own names where all of them are the model's, else by number.</summary>
    private static Dictionary<string, OrtTensor> ByName(
        string folder, IReadOnlyList<TensorProto> tensors, string[] names)
    {
        TensorReader reader = new(new ExternalDataFolder(folder));
        string[] own = [.. tensors.Select(tensor => RawText.Shown(tensor.Name))];
        bool named = own.All(names.Contains) && own.Distinct().Count() == own.Length;
        return tensors.Take(names.Length)
            .Select((tensor, i) => (Name: named ? own[i] : names[i], tensor))
            .ToDictionary(
            pair => pair.Name,
            pair => OrtTensor.FromBytes(
                (TensorElementType)pair.tensor.DataType, reader.ReadRaw(pair.tensor), [.. pair.tensor.Dims]),
            StringComparer.Ordinal);
    }
}
