using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using Google.Protobuf;

namespace FlatLearning.Onnx.Files;

/// <summary>Carries out <see cref="OnnxModelFile.Save"/>.</summary>
internal static class ModelWriter
{
    private const int StreamBuffer = 1 << 16;

    /// <summary>The suffix that makes the side file's name from the model's.</summary>
    public const string SideSuffix = ".data";

    /// <summary>Writes both files and puts them in place.</summary>
    public static SaveResult Write(OnnxModel model, string path, SaveOptions options, CancellationToken cancellation)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new OnnxModelException(Messages.TargetFolderMissing(path));
        }

        var (inline, toSide, any) = ModelPlacement.Decide(model, path, options);
        string sidePath = path + SideSuffix;
        RefuseExisting(path, options);
        if (any && !inline)
        {
            RefuseExisting(sidePath, options);
        }

        RefuseOwnData(model, path, sidePath);
        try
        {
            using AtomicFileSet files = new();
            ModelProto proto = model.Proto;
            long sideBytes = 0;
            if (any)
            {
                // Raw data is immutable and shared, so the copy costs the model's structure only.
                proto = proto.Clone();
                sideBytes = inline ? MakeInline(proto, model.Tensors, cancellation) : MoveToSide();
            }

            if (proto.CalculateSize() < 0)
            {
                throw new OnnxModelException(Messages.TooLargeInline(path, int.MaxValue + 1L));
            }

            FileStream stream = files.Create(path);
            using (CodedOutputStream output = new(stream, StreamBuffer, leaveOpen: true))
            {
                proto.WriteTo(output);
            }

            long modelBytes = stream.Position;
            cancellation.ThrowIfCancellationRequested();
            files.Commit();
            return new SaveResult(modelBytes, sideBytes);

            long MoveToSide()
            {
                FileStream side = files.Create(sidePath);
                SideFileWriter writer = new(side, Path.GetFileName(sidePath), options.SideFileAlignment);
                foreach (TensorProto tensor in ModelWalk.Tensors(proto).Where(toSide))
                {
                    cancellation.ThrowIfCancellationRequested();
                    writer.Move(tensor, TensorInfo.Of(tensor), model.Tensors, cancellation);
                }

                return side.Position;
            }
        }
        catch (Exception exception) when (FileReason.IsWriteFailure(exception))
        {
            throw new OnnxModelException(Messages.TargetUnwritable(path, FileReason.Of(exception)), exception);
        }
    }

    private static long MakeInline(ModelProto proto, TensorReader source, CancellationToken cancellation)
    {
        foreach (TensorProto tensor in ModelWalk.Tensors(proto).Where(ExternalDataLocation.IsExternal))
        {
            cancellation.ThrowIfCancellationRequested();
            ModelPlacement.MakeInline(tensor, source);
        }

        return 0;
    }

    /// <summary>
    /// Saved under another name, a model must not replace the data that the file it came from still needs.
    /// </summary>
    private static void RefuseOwnData(OnnxModel model, string path, string sidePath)
    {
        if (model.Path is null || model.External is not { } folder || Path.GetFullPath(model.Path) == path)
        {
            return;
        }

        foreach (string location in model.ExternalLocations)
        {
            string data = Path.GetFullPath(Path.Combine(folder.Folder, location));
            if (data == path || data == sidePath)
            {
                throw new OnnxModelException(Messages.TargetIsOwnData(path, data));
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
