using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests.Damage;

/// <summary>A bad input made from a good file.</summary>
/// <param name="Name">What was done to it; unique.</param>
/// <param name="Write">Writes it, and what belongs to it, into a folder as <see cref="FileName"/>.</param>
/// <param name="Sound">Whether it may still be a model: what a flipped bit leaves is sometimes one.</param>
internal sealed record DamagedFile(string Name, Action<TemporaryFolder> Write, bool Sound = false)
{
    public const string FileName = "in.onnx";

    /// <summary>A case of given bytes.</summary>
    public static DamagedFile Of(string name, byte[] bytes, bool sound = false) =>
        new(name, folder => File.WriteAllBytes(folder[FileName], bytes), sound);

    /// <summary>A case of a changed model.</summary>
    public static DamagedFile Of(string name, ModelProto model, Action<ModelProto> damage, bool sound = false)
    {
        ModelProto copy = model.Clone();
        damage(copy);
        return Of(name, TestModels.Bytes(copy), sound);
    }

    public override string ToString() => Name;
}
