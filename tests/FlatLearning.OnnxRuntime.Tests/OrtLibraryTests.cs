namespace FlatLearning.OnnxRuntime.Tests;

public sealed class OrtLibraryTests
{
    [Fact]
    public void Default_Library_IsThePinnedOne()
    {
        Assert.Equal("1.30.0", OrtLibrary.Default.VersionString);
        Assert.Equal(30, OrtLibrary.Default.ApiVersion);
        Assert.Contains("CPUExecutionProvider", OrtLibrary.Default.GetAvailableProviders());
    }

    [Fact]
    public void Load_MissingFile_SaysWhichOne()
    {
        OrtException e = Assert.Throws<OrtException>(() => OrtLibrary.Load("/nowhere/libonnxruntime.so.1"));
        Assert.Equal(OrtErrorCode.NoSuchFile, e.Code);
        Assert.Contains("/nowhere/libonnxruntime.so.1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileThatIsNoLibrary_SaysSo()
    {
        OrtException e = Assert.Throws<OrtException>(() => OrtLibrary.Load(typeof(OrtLibrary).Assembly.Location));
        Assert.Equal(OrtErrorCode.NoSuchFile, e.Code);
    }
}
