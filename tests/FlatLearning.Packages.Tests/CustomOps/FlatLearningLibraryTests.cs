using FlatLearning.Onnx.CustomOps;
using FlatLearning.Onnx.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Packages.Tests.CustomOps;

/// <summary>Where the library is looked for.</summary>
public sealed class FlatLearningLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Path_AfterABuild_IsUnderRuntimes() =>
        Assert.Equal(
            Path.Combine(
                AppContext.BaseDirectory, "runtimes", FlatLearningLibrary.RuntimeIdentifier, "native",
                FlatLearningLibrary.FileName),
            FlatLearningLibrary.Path);

    [Fact]
    public void Find_BesideTheProgram_ComesBeforeRuntimes()
    {
        string nested = Path.Combine(_folder.Path, "runtimes", FlatLearningLibrary.RuntimeIdentifier, "native");
        Directory.CreateDirectory(nested);
        File.WriteAllText(Path.Combine(nested, FlatLearningLibrary.FileName), string.Empty);
        Assert.Equal(Path.Combine(nested, FlatLearningLibrary.FileName), FlatLearningLibrary.Find([_folder.Path]));

        File.WriteAllText(_folder[FlatLearningLibrary.FileName], string.Empty);
        Assert.Equal(_folder[FlatLearningLibrary.FileName], FlatLearningLibrary.Find([_folder.Path]));
    }

    [Fact]
    public void Require_Missing_SaysInOneSentenceWhatAndWhere()
    {
        Assert.Null(FlatLearningLibrary.Find([_folder.Path]));
        FileNotFoundException exception =
            Assert.Throws<FileNotFoundException>(() => FlatLearningLibrary.Require([_folder.Path]));

        Assert.StartsWith("FLAT1001: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(_folder[FlatLearningLibrary.FileName], exception.Message, StringComparison.Ordinal);
        Assert.Equal(FlatLearningLibrary.FileName, exception.FileName);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void RegisterFlatLearning_SessionOptions_AreThoseOfASession()
    {
        using SessionOptions options = new();
        options.RegisterFlatLearning();
        using InferenceSession session = new(Support.Tool.SampleModel("lenet5/lenet5.onnx"), options);
        Assert.Single(session.OutputMetadata);
    }

    [Fact]
    public void RegisterFlatLearning_Null_IsRefused() =>
        Assert.Throws<ArgumentNullException>(() => SessionOptionsExtensions.RegisterFlatLearning(null!));

    public void Dispose() => _folder.Dispose();
}
