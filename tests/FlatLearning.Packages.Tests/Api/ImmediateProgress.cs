namespace FlatLearning.Packages.Tests.Api;

/// <summary>Progress that arrives on the thread that reports it, one report at a time.</summary>
internal sealed class ImmediateProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value)
    {
        lock (report)
        {
            report(value);
        }
    }
}
