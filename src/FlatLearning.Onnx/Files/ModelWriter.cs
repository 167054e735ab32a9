using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Wire;
using Google.Protobuf;

namespace FlatLearning.Onnx.Files;

/// <summary>Carries out <see cref="OnnxModelFile.Save"/>.</summary>
internal static class ModelWriter
{
    private const int StreamBuffer = 1 << 16;
    private const string SideSuffix = ".data";

    /// <summary>The name of a model's side file, which is beside it.</summary>
    public static string SideName(string path) => Path.GetFileName(path) + SideSuffix;

    /// <summary>
    /// Looks at a target before any work is done for it: that its folder is there and takes files, that nothing is in
    /// the way, and that writing would not destroy what the model is read from.
    /// </summary>
    public static void Check(OnnxModel model, string path, SaveOptions options)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new OnnxModelException(Messages.TargetFolderMissing(path));
        }

        RefuseExisting(path, options);
        RefuseOwnFiles(model, path);
        AtomicFileSet.Probe(path);
    }

    /// <summary>Writes both files and puts them in place.</summary>
    public static SaveResult Write(OnnxModel model, string path, SaveOptions options, CancellationToken cancellation)
    {
        Check(model, path, options);
        ModelPlacement placement = ModelPlacement.Of(model, path, options);
        string sidePath = path + SideSuffix;
        bool hasSide = placement.Side.Pieces.Count > 0;
        if (hasSide)
        {
            RefuseExisting(sidePath, options);
        }

        try
        {
            using AtomicFileSet files = new(options.Existing);
            if (hasSide)
            {
                SideFileWriter.Write(files.Create(sidePath), placement.Side, model.Tensors, cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
            ModelProto proto = placement.Carry(SideName(path), model.Tensors);
            if (proto.CalculateSize() < 0)
            {
                throw new OnnxModelException(Messages.TooLargeInline(path, int.MaxValue + 1L));
            }

            FileStream stream = files.Create(path);
            if (model.HasRawText)
            {
                stream.Write(RawMessage.ToBytes(proto));
            }
            else
            {
                using CodedOutputStream output = new(stream, StreamBuffer, leaveOpen: true);
                proto.WriteTo(output);
            }

            long modelBytes = stream.Position;
            bool isLeft = !hasSide && File.Exists(sidePath);
            if (isLeft && options.Existing == ExistingFile.Replace && IsDataOf(path, sidePath))
            {
                files.DeleteAfterwards(sidePath);
                isLeft = false;
            }

            cancellation.ThrowIfCancellationRequested();
            files.Commit();
            return new SaveResult(modelBytes, placement.Side.Length) { LeftBeside = isLeft ? sidePath : null };
        }
        catch (Exception exception) when (FileReason.IsWriteFailure(exception))
        {
            throw new OnnxModelException(Messages.TargetUnwritable(path, FileReason.Of(exception)), exception);
        }
    }

    /// <summary>Whether the model that is about to be replaced has its data in that file.</summary>
    private static bool IsDataOf(string path, string data)
    {
        try
        {
            return File.Exists(path)
                && OnnxModelFile.Load(path).ExternalFiles.Any(file => FileIdentity.AreSame(file, data));
        }
        catch (OnnxModelException)
        {
            // Whatever it is that is replaced, its data is not known.
            return false;
        }
    }

    /// <summary>
    /// Saved under another name, a model must replace neither the file that it came from nor the data that this file
    /// still needs, however the names are spelled.
    /// </summary>
    private static void RefuseOwnFiles(OnnxModel model, string path)
    {
        if (model.Path is null || FileIdentity.AreSame(model.Path, path))
        {
            return;
        }

        foreach (string own in model.ExternalFiles.Append(model.Path))
        {
            if (FileIdentity.AreSame(own, path) || FileIdentity.AreSame(own, path + SideSuffix))
            {
                throw new OnnxModelException(Messages.TargetIsOwnData(path, own));
            }
        }
    }

    private static void RefuseExisting(string path, SaveOptions options)
    {
        if (Directory.Exists(path))
        {
            throw new OnnxModelException(Messages.FileIsFolder(path));
        }

        if (options.Existing == ExistingFile.Refuse && File.Exists(path))
        {
            throw new OnnxModelException(Messages.TargetExists(path));
        }
    }
}
