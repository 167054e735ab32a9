using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlatLearning.Onnx.Cli.Tests.Support;

/// <summary>The tool in a process of its own.</summary>
internal sealed partial class ToolProcess : IDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Task<string> _out;
    private readonly Task<string> _error;

    private ToolProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _out = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The tool's assembly beside the tests'.</summary>
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "flat-onnx.dll");

    /// <summary>What starts it.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>
    /// Processor time used so far, by the processes that it started too; tells how far it is on a busy machine where
    /// the clock does not.
    /// </summary>
    public TimeSpan ProcessorTime => TimeOf(_process.Id);

    /// <summary>Starts the tool.</summary>
    public static ToolProcess Start(string temporaryFolder, params string[] arguments)
    {
        ProcessStartInfo start = new(Host, [Assembly, .. arguments]);
        start.Environment["TMPDIR"] = temporaryFolder;
        return new ToolProcess(start);
    }

    /// <summary>Runs the tool to its end.</summary>
    public static async Task<CliResult> RunAsync(params string[] arguments)
    {
        using ToolProcess tool = new(new ProcessStartInfo(Host, [Assembly, .. arguments]));
        return await tool.EndAsync();
    }

    /// <summary>Runs the tool's own executable, instead of the assembly in the host, to its end.</summary>
    public static async Task<CliResult> RunExecutableAsync(params string[] arguments)
    {
        ProcessStartInfo start =
            new(Path.ChangeExtension(Assembly, OperatingSystem.IsWindows() ? "exe" : null), arguments);
        start.Environment["DOTNET_ROOT"] =
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using ToolProcess tool = new(start);
        return await tool.EndAsync();
    }

    /// <summary>Runs a line of bash, in which <c>"$@"</c> runs the tool.</summary>
    public static async Task<CliResult> RunInShellAsync(string line, params string[] arguments)
    {
        ProcessStartInfo start = new("bash", ["-c", line, "bash", Host, Assembly, .. arguments]);
        // The runtime maps its own code through a file, which a limit on file sizes would forbid.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using ToolProcess tool = new(start);
        return await tool.EndAsync();
    }

    /// <summary>
    /// Waits until something holds while the process runs; fails the test where the process ends before.
    /// </summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.False(_process.HasExited, $"the process ended before {what}");
            Assert.True(clock.Elapsed < Patience, $"waited {Patience} for {what}");
            await Task.Delay(20);
        }
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int number) => Assert.Equal(0, SendSignal(_process.Id, number));

    /// <summary>Waits for the end.</summary>
    public async Task<CliResult> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return new CliResult(_process.ExitCode, await _out, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static TimeSpan TimeOf(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            string[] threads = Directory.Exists($"/proc/{id}/task") ? Directory.GetDirectories($"/proc/{id}/task") : [];
            IEnumerable<int> children = threads.SelectMany(
                thread => File.ReadAllText(Path.Combine(thread, "children"))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse);
            return children.Aggregate(process.TotalProcessorTime, (sum, child) => sum + TimeOf(child));
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or IOException)
        {
            // It ended in between.
            return TimeSpan.Zero;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
