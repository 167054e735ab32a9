using System.Diagnostics;

namespace FlatLearning.Benchmarks.Rates;

/// <summary>
/// The most memory that the process has between construction and <see cref="Stop"/>, above what it had at construction;
/// looked at every few milliseconds.
/// </summary>
internal sealed class PeakMemory
{
    private readonly Thread _watcher;
    private readonly long _managedBefore;
    private readonly long _residentBefore;
    private readonly ManualResetEventSlim _stop = new(initialState: false);

    public PeakMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        (_managedBefore, _residentBefore) = Now();
        _watcher = new Thread(Watch) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _watcher.Start();
    }

    /// <summary>Bytes of the managed heap, garbage that has not been collected included.</summary>
    public long Managed { get; private set; }

    /// <summary>Bytes of the process in memory.</summary>
    public long Resident { get; private set; }

    public void Stop()
    {
        _stop.Set();
        _watcher.Join();
    }

    private void Watch()
    {
        do
        {
            (long managed, long resident) = Now();
            Managed = Math.Max(Managed, managed - _managedBefore);
            Resident = Math.Max(Resident, resident - _residentBefore);
        }
        while (!_stop.Wait(TimeSpan.FromMilliseconds(5)));
    }

    private static (long Managed, long Resident) Now() =>
        (GC.GetTotalMemory(forceFullCollection: false), Environment.WorkingSet);
}
