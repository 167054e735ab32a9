using System.Diagnostics;
using System.Globalization;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>
/// Progress on stderr: a bar with the estimated time left on a terminal once work takes over a second, elsewhere, in
/// logs, a plain line every tenth of the work once it takes over three. Thread-safe.
/// </summary>
internal sealed class ProgressReporter : IProgress<double>, IDisposable
{
    private const int BarWidth = 30;
    private static readonly TimeSpan FirstDrawn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstLine = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly TextWriter _stderr;
    private readonly string _what;
    private readonly bool _isTerminal;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private TimeSpan _lastShown;
    private int _lastTenth;
    private bool _drawn;

    /// <summary>Creates a reporter; a terminal is recognised from the process' own stderr.</summary>
    public ProgressReporter(TextWriter stderr, string what)
    {
        (_stderr, _what) = (stderr, what);
        _isTerminal = ReferenceEquals(stderr, Console.Error) && !Console.IsErrorRedirected;
    }

    /// <summary>Reports the part of the work that is done, 0 to 1.</summary>
    public void Report(double value)
    {
        lock (_lock)
        {
            if (_clock.Elapsed < (_isTerminal ? FirstDrawn : FirstLine))
            {
                return;
            }

            if (_isTerminal)
            {
                Draw(value);
            }
            else if ((int)(value * 10) > _lastTenth)
            {
                _lastTenth = (int)(value * 10);
                _stderr.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture, $"{_what}: {value:P0} after {_clock.Elapsed.TotalSeconds:0} s"));
            }
        }
    }

    /// <summary>Removes the bar.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_drawn)
            {
                _stderr.Write("\r\u001b[K");
                _drawn = false;
            }
        }
    }

    private void Draw(double value)
    {
        if (_clock.Elapsed - _lastShown < Interval)
        {
            return;
        }

        (_lastShown, _drawn) = (_clock.Elapsed, true);
        int full = (int)(Math.Clamp(value, 0, 1) * BarWidth);
        string left = value > 0.01 ? $"{_clock.Elapsed.TotalSeconds * (1 - value) / value:0} s left" : string.Empty;
        _stderr.Write(
            $"\r\u001b[K{_what} [{new string('#', full)}{new string('.', BarWidth - full)}] {value:P0} {left}");
    }
}
