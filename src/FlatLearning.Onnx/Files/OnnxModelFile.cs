using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Wire;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;

namespace FlatLearning.Onnx.Files;

/// <summary>Loads and saves ONNX files of up to protobuf's 2 GB, with external data of any size beside them.</summary>
public static class OnnxModelFile
{
    /// <summary>Loads a model; external data is checked and read only when its tensor is asked for.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <returns>The model. Memory: the message, about the size of the file; the file's bytes are mapped and not copied
    /// twice.</returns>
    /// <exception cref="OnnxModelException">Missing, empty, cut short, over 2 GB, not ONNX, or without a
    /// graph.</exception>
    public static OnnxModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new OnnxModelException(Messages.FileIsFolder(path));
        }

        if (!File.Exists(path))
        {
            throw new OnnxModelException(Messages.FileMissing(path));
        }

        try
        {
            using SafeFileHandle file =
                File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            long length = RandomAccess.GetLength(file);
            return length switch
            {
                0 => throw new OnnxModelException(Messages.FileEmpty(path)),
                > int.MaxValue => throw new OnnxModelException(Messages.FileTooLarge(path, length)),
                _ => Parse(path, file, (int)length),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or NotSupportedException)
        {
            throw new OnnxModelException(Messages.FileUnreadable(path, FileReason.Of(exception)), exception);
        }
    }

    /// <summary>
    /// Writes a model so that the target is either the old file or the whole new one: everything goes to temporary
    /// files beside the target, is flushed to the disk and then renamed. On failure or cancellation the temporary files
    /// are deleted and the old files stand.
    /// </summary>
    /// <param name="model">The model; not changed, whatever the options.</param>
    /// <param name="path">The .onnx file to write. External data goes to one file <c>NAME.onnx.data</c> beside
    /// it.</param>
    /// <param name="options">Placement of the data and what happens to existing files; null for the defaults.</param>
    /// <param name="cancellation">Looked at between tensors and before the renaming.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="OnnxModelException">The target cannot be written, is a file that the model is read from (other
    /// than the model itself), or a tensor's external data cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled; nothing was
    /// changed.</exception>
    public static SaveResult Save(
        OnnxModel model, string path, SaveOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ModelWriter.Write(model, Path.GetFullPath(path), options ?? new SaveOptions(), cancellation);
    }

    /// <summary>A copy of a model with all of its data in the message.</summary>
    /// <exception cref="OnnxModelException">It is too large for that, or its data cannot be read.</exception>
    public static OnnxModel Inline(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxModel copy = model.Clone();
        string name = model.Path ?? string.Empty;
        SaveOptions options = new() { ExternalData = ExternalDataPolicy.Inline };
        ModelProto inline = ModelPlacement.Of(copy, name, options).Carry(ModelWriter.SideName(name), model.Tensors);
        return new OnnxModel(inline) { HasRawText = model.HasRawText };
    }

    /// <summary>The bytes of a model's file as it is in memory; external data stays where it is.</summary>
    public static byte[] ToBytes(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.HasRawText ? RawMessage.ToBytes(model.Proto) : model.Proto.ToByteArray();
    }

    /// <summary>
    /// Looks at a target before the work that is to be saved there is done; whatever is found would make
    /// <see cref="Save"/> fail.
    /// </summary>
    /// <param name="model">The model that the work starts from.</param>
    /// <param name="path">The .onnx file to write later.</param>
    /// <param name="options">As for <see cref="Save"/>.</param>
    /// <exception cref="OnnxModelException">The target's folder is missing or takes no files, a file is in the way, or
    /// the target is a file that the model is read from.</exception>
    public static void CheckTarget(OnnxModel model, string path, SaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelWriter.Check(model, Path.GetFullPath(path), options ?? new SaveOptions());
    }

    private static OnnxModel Parse(string path, SafeFileHandle file, int length)
    {
        using MappedFile mapped = new(file, length);
        if (!ModelFileDiagnosis.HasGraph(mapped.Span))
        {
            throw ModelFileDiagnosis.Explain(path, mapped.Span, parseError: null);
        }

        try
        {
            ModelProto proto = RawMessage.Parse(ModelProto.Parser, mapped.Span, out bool hasRawText);
            return new OnnxModel(proto, path, length) { HasRawText = hasRawText };
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or OverflowException)
        {
            throw ModelFileDiagnosis.Explain(path, mapped.Span, exception);
        }
    }
}
