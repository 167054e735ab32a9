using FlatLearning.Numerics;
using FlatLearning.Testing;

namespace FlatLearning.Fitting.Tests.Threads;

public sealed class ThreadsTests
{
    public static TheoryData<string> Cases => [.. ThreadCases.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_OneThread_RunsNothingElsewhere(string name) =>
        Assert.Empty(ThreadWatch.OtherThreads(() => ThreadCases.Run(name, new ThreadWorkers(1))));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_AnyNumberOfThreads_GivesTheSameBytes(string name)
    {
        byte[] alone = ThreadCases.Run(name, ThreadWorkers.Single);
        Assert.All((int[])[2, 3, 8], threads => Assert.Equal(alone, ThreadCases.Run(name, new ThreadWorkers(threads))));
    }
}
