using System.Globalization;
using System.Text.RegularExpressions;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Wire;
using Google.Protobuf;

namespace FlatLearning.Onnx.TestData;

/// <summary>
/// One set of inputs and expected outputs as the ONNX model zoo ships them: input_0.pb, ..., output_0.pb, ..., a tensor
/// each.
/// </summary>
/// <param name="Folder">Where it came from.</param>
/// <param name="Inputs">By number, which is the order of the model's inputs; a tensor's own name, where it has one,
/// says the same.</param>
/// <param name="Outputs">By number; empty where the set has inputs only.</param>
internal sealed partial record TestDataSet(
    string Folder, IReadOnlyList<TensorProto> Inputs, IReadOnlyList<TensorProto> Outputs)
{
    /// <summary>
    /// Reads a folder: the sets in its folders test_data_set_N by number, or the one set that it is itself.
    /// </summary>
    /// <exception cref="OnnxModelException">No such folder, no test data in it, or a damaged tensor.</exception>
    public static IReadOnlyList<TestDataSet> ReadAll(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new OnnxModelException(Messages.TestDataMissing(folder));
        }

        try
        {
            IReadOnlyList<string> sets = Numbered(Directory.EnumerateDirectories(folder), SetName());
            TestDataSet[] found = [
                .. (sets.Count > 0 ? sets : [folder]).Select(Read).Where(set => set.Inputs.Count > 0)];
            return found.Length > 0 ? found : throw new OnnxModelException(Messages.TestDataEmpty(folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OnnxModelException(Messages.FileUnreadable(folder, FileReason.Of(exception)), exception);
        }
    }

    private static TestDataSet Read(string folder)
    {
        string[] files = Directory.GetFiles(folder, "*.pb");
        return new TestDataSet(
            folder,
            [.. Numbered(files, InputName()).Select(ReadTensor)],
            [.. Numbered(files, OutputName()).Select(ReadTensor)]);
    }

    private static TensorProto ReadTensor(string path)
    {
        try
        {
            TensorProto tensor = RawMessage.Parse(TensorProto.Parser, File.ReadAllBytes(path), out _);
            TensorInfo info = TensorInfo.Of(tensor);
            if (info.Type != TensorProto.Types.DataType.String)
            {
                TensorBytes.Open(tensor, info, new ExternalDataFolder(Path.GetDirectoryName(Path.GetFullPath(path))!))
                    .Dispose();
            }

            return tensor;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or OnnxModelException)
        {
            throw new OnnxModelException(Messages.TestDataDamaged(path, FileReason.Of(exception)), exception);
        }
    }

    private static IReadOnlyList<string> Numbered(IEnumerable<string> paths, Regex name) =>
    [
        .. paths
            .Select(path => (Path: path, Match: name.Match(Path.GetFileName(path))))
            .Where(one => one.Match.Success)
            .OrderBy(one => int.Parse(one.Match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            .Select(one => one.Path),
    ];

    [GeneratedRegex("^test_data_set_(\\d{1,9})$")]
    private static partial Regex SetName();

    [GeneratedRegex("^input_(\\d{1,9})\\.pb$")]
    private static partial Regex InputName();

    [GeneratedRegex("^output_(\\d{1,9})\\.pb$")]
    private static partial Regex OutputName();
}
