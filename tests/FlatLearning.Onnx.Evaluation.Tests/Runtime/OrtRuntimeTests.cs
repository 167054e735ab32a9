using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Tests.Runtime;

public sealed class OrtRuntimeTests
{
    [Fact]
    public void Version_OfThePackage_IsThePinnedOne() => Assert.Equal("1.31.1", OrtRuntime.Version);

    [Theory]
    [InlineData("libonnxruntime.so")]
    [InlineData("libonnxruntime.so.1")]
    public void Find_FileOrItsFolder_IsTheFile(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder[name], []);
        Assert.Equal(folder[name], OrtRuntime.Find(folder[name]));
        Assert.Equal(folder[name], OrtRuntime.Find(folder.Path));
    }

    [Fact]
    public void Find_Nothing_SaysWhereAndWhatToDo()
    {
        string message = Assert.Throws<FileNotFoundException>(() => OrtRuntime.Find("/nowhere")).Message;
        Assert.Contains("FLAT_ONNXRUNTIME names '/nowhere'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void MessageLogged_VerboseSession_TellsItsMessagesByLogId()
    {
        List<string> messages = [];
        void Keep(OrtLogMessage message)
        {
            if (message.LogId == nameof(MessageLogged_VerboseSession_TellsItsMessagesByLogId))
            {
                lock (messages)
                {
                    messages.Add(message.Text);
                }
            }
        }

        OrtRuntime.MessageLogged += Keep;
        using SessionOptions options = OrtRuntime.Options();
        options.LogId = nameof(MessageLogged_VerboseSession_TellsItsMessagesByLogId);
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE;
        new InferenceSession(TinyModel.Identity(TensorElementType.Float), options).Dispose();
        OrtRuntime.MessageLogged -= Keep;
        Assert.NotEmpty(messages);
    }

    [Fact]
    public void Reason_OfTheCSharpApi_LeavesItsErrorCodeOut()
    {
        OnnxRuntimeException exception =
            Assert.Throws<OnnxRuntimeException>(() => TinyModel.Open([1, 2, 3]).Dispose());
        string reason = OrtRuntime.Reason(exception);
        Assert.DoesNotContain("ErrorCode", reason, StringComparison.Ordinal);
        Assert.NotEmpty(reason);
    }
}
