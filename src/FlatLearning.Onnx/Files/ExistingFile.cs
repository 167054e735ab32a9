namespace FlatLearning.Onnx.Files;

/// <summary>What happens to a file that is already at the target.</summary>
public enum ExistingFile
{
    /// <summary>Saving fails and the file stands.</summary>
    Refuse,

    /// <summary>The file is replaced at the very end, when everything new is on the disk.</summary>
    Replace,
}
