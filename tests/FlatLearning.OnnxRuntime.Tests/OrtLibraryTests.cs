namespace FlatLearning.OnnxRuntime.Tests;

public sealed class OrtLibraryTests
{
    [Fact]
    public void Load_LibraryBesideTheTests_IsThePinnedOne()
    {
        OrtLibrary library = OrtLibrary.Load(AppContext.BaseDirectory);
        Assert.Equal("1.30.0", library.VersionString);
        Assert.Equal(30, library.ApiVersion);
        Assert.Contains("CPUExecutionProvider", library.GetAvailableProviders());
    }

    [Theory]
    [InlineData("1.17.3")]
    [InlineData("1.20.1")]
    [InlineData("1.23.2")]
    public void Find_VariableNamingAnotherFolder_GoesBeforeTheApplications(string version)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "onnxruntime-versions", version);
        string found = OrtLibraryLocator.Find(null, folder, AppContext.BaseDirectory);
        Assert.Equal(folder, Path.GetDirectoryName(found));
        Assert.Equal(found, OrtLibraryLocator.Find(null, found, AppContext.BaseDirectory));
    }

    [Fact]
    public void Find_VariableNamingNothing_SaysSoInsteadOfLookingElsewhere()
    {
        OrtException e =
            Assert.Throws<OrtException>(() => OrtLibraryLocator.Find(null, "/nowhere", AppContext.BaseDirectory));
        Assert.Contains("FLAT_ONNXRUNTIME names '/nowhere'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NothingAnywhere_SaysWhereItLookedAndWhatToDo()
    {
        string empty = Directory.CreateTempSubdirectory().FullName;
        OrtException e = Assert.Throws<OrtException>(() => OrtLibraryLocator.Find(null, null, empty));
        Assert.Contains(empty, e.Message, StringComparison.Ordinal);
        Assert.Contains("FLAT_ONNXRUNTIME", e.Message, StringComparison.Ordinal);
        Directory.Delete(empty);
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
