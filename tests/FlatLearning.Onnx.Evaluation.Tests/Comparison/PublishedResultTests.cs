using System.Text.Json;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

/// <summary>
/// Results of real models on real data, as their own authors or the shared folder's README state them.
/// </summary>
public sealed class PublishedResultTests
{
    [SharedFact]
    public void Magika_OnItsReferenceFiles_HasEveryLabelRight()
    {
        NpzArchive archive = NpzFile.Read(Path.Combine(Repository.Shared!, "data", "magika", "magika_v3_3_eval.npz"));
        Dictionary<string, NpyArray> arrays =
            archive.Arrays.ToDictionary(pair => pair.Key == "ref_label" ? "labels" : pair.Key, pair => pair.Value);

        ComparisonReport report =
            CompareWithItself("magika_standard_v3_3.onnx", new ArrayInputSource("the reference files", arrays));

        Assert.Equal(102, report.Samples);
        Assert.Equal("accuracy", report.Task!.Metric);
        Assert.Equal(102, report.Task.Samples);
        Assert.Equal(1.0, report.Task.Original);
        Assert.Equal(1.0, report.Outputs[0].Top1Agreement);
        Assert.Equal(0.0, report.Outputs[0].Kl);
    }

    [SharedFact]
    public void Stories_OnRealText_HaveThePublishedLikelihood()
    {
        const double Published = 1.2976;
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Shared!, "data", "tinystories", "stories260K_tokens.json")));
        (double sum, long count) = (0, 0);
        foreach (JsonElement story in document.RootElement.GetProperty("real").EnumerateArray())
        {
            long[] tokens = [.. story.EnumerateArray().Select(token => token.GetInt64())];
            Dictionary<string, NpyArray> arrays = new()
            {
                ["input_ids"] = ComparisonModels.Int64s([1, tokens.Length - 1], tokens[..^1]),
                ["labels"] = ComparisonModels.Int64s([1, tokens.Length - 1], tokens[1..]),
            };
            ComparisonReport report =
                CompareWithItself("stories260K_llama.onnx", new ArrayInputSource("a story", arrays));
            Assert.Equal("token_accuracy", report.Task!.Metric);
            Assert.Equal(tokens.Length - 1, report.Task.Samples);
            (sum, count) = (sum + (report.Task.NllOriginal!.Value * report.Task.Samples), count + report.Task.Samples);
        }

        Assert.Equal(Published, sum / count, 5e-4);
    }

    private static ComparisonReport CompareWithItself(string model, InputSource inputs)
    {
        string path = SharedModels.PathOf(model);
        return ModelComparer.Compare(new ComparisonRequest { Original = path, Converted = path, Inputs = inputs });
    }
}
