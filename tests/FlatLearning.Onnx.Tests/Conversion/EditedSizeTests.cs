using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>The size of an edit that is not made is that of the file that making it gives, to the byte.</summary>
public sealed class EditedSizeTests : IDisposable
{
    /// <summary>Beyond what a length prefix of one byte says, in steps that meet every border there is.</summary>
    private const int MaxPadding = 300;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, bool> Models
    {
        get
        {
            TheoryData<string, bool> models = [];
            foreach (string name in EditedSizeModels.Names)
            {
                models.Add(name, true);
                models.Add(name, false);
            }

            return models;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void Of_EditOfAnyPlace_IsTheSizeOfTheFile(string name, bool portable) =>
        AssertExact(EditedSizeModels.Create(name), new ConvertOptions { Portable = portable });

    [Fact]
    public void Of_AnyLengthPrefixAroundAWeight_IsTheSizeOfTheFile()
    {
        for (int padding = 0; padding < MaxPadding; padding++)
        {
            AssertExact(EditedSizeModels.Padded(padding), new ConvertOptions());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_ExternalData_IsTheSizeOfBothFiles(int converted)
    {
        EditedSizeModels.WriteExternal(_folder["external.onnx"]);
        ConvertOptions options = new()
        {
            Exclude = new System.Text.RegularExpressions.Regex($"^W[{converted}-9]$"),
            Output = _folder["a much longer name than that of the original.onnx"],
        };
        AssertExact(OnnxModelFile.Load(_folder["external.onnx"]), options);
    }

    [SharedTheory]
    [MemberData(nameof(SharedModels.Names), MemberType = typeof(SharedModels))]
    public void Of_RealModel_IsTheSizeOfTheFile(string name) =>
        AssertExact(OnnxModelFile.Load(SharedModels.PathOf(name)), new ConvertOptions());

    private void AssertExact(OnnxModel original, ConvertOptions options)
    {
        options = options with { MinSize = 512, Output = options.Output ?? _folder["out.onnx"] };
        ConversionDraft draft = new(original, options);
        WeightOutcome?[] outcomes = new CandidateWork(draft.Constants, 1).Run(draft.Candidates, Fit, null, default);
        ConversionEdit edit = draft.Edit();
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i]?.Fit is { Weight: { } weight } fit)
            {
                WeightOutline outline = draft.Outline(draft.Candidates[i], weight);
                if (ConversionDraft.Pays(draft.Candidates[i], outline))
                {
                    edit.Add(draft.Candidates[i], outline, fit.Error);
                }
            }
        }

        long expected = new EditedSize(draft.Model, draft.Constants.Index, options.Output).Of(edit);
        ConvertedModel converted = draft.Assemble(outcomes);
        SaveResult saved = OnnxModelFile.Save(
            converted.Model, options.Output, new SaveOptions { Existing = ExistingFile.Replace });
        Assert.Equal(saved.TotalBytes, expected);

        WeightOutcome Fit(int i, float[] matrix, IProgress<double>? progress) => new(
            WeightFitter.Fit(
                matrix, draft.Candidates[i].Rows, draft.Candidates[i].Columns, new UniformCodesPlan { Taps = 1 },
                new FitOptions(), progress, default));
    }
}
