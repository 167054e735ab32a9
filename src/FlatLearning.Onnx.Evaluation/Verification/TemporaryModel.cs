using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Verification;

/// <summary>A model file in a folder of its own among the system's temporary files, deleted with it.</summary>
internal sealed class TemporaryModel : IDisposable
{
    private readonly string _folder;

    private TemporaryModel(string folder)
    {
        _folder = folder;
    }

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(_folder, "model.onnx");

    /// <summary>Saves a model; nothing stays behind where that fails.</summary>
    public static TemporaryModel Create(OnnxModel model, CancellationToken cancellation)
    {
        TemporaryModel file = new(Directory.CreateTempSubdirectory("flat-onnx-").FullName);
        try
        {
            OnnxModelFile.Save(
                model,
                file.Path,
                new SaveOptions { ExternalData = ExternalDataPolicy.InlineWhereItFits },
                cancellation);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
