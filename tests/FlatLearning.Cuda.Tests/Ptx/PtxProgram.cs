using System.Globalization;
using System.Text.RegularExpressions;

namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>
/// The text of one kernel, ready to run. Knows what the compiler of kernels writes, and refuses anything else.
/// </summary>
internal sealed partial class PtxProgram
{
    private readonly Dictionary<string, int> _registers = [];
    private readonly List<Func<PtxBlock, int, ulong>> _initial = [];
    private readonly Dictionary<string, int> _parameters = [];
    private readonly Dictionary<string, int> _shared = [];
    private readonly List<PtxInstruction> _instructions = [];

    /// <summary>Parses a text.</summary>
    /// <exception cref="PtxException">It has something unknown.</exception>
    public PtxProgram(string text)
    {
        text = Comment().Replace(text, string.Empty);
        Match header = Header().Match(text);
        Match threads = Threads().Match(text);
        if (!header.Success || !threads.Success)
        {
            throw new PtxException("no entry, or no number of threads");
        }

        Entry = header.Groups["name"].Value;
        MaxThreads = int.Parse(threads.Groups[1].Value, CultureInfo.InvariantCulture);
        List<(int Offset, int Size)> arguments = [];
        foreach (Match p in Parameter().Matches(header.Groups["parameters"].Value))
        {
            int size = p.Groups["bytes"].Success ? Number(p.Groups["bytes"].Value) : Size(p.Groups["type"].Value);
            int align = p.Groups["align"].Success ? Number(p.Groups["align"].Value) : size;
            ArgumentBytes = (ArgumentBytes + align - 1) / align * align;
            _parameters.Add(p.Groups["name"].Value, ArgumentBytes);
            arguments.Add((ArgumentBytes, size));
            ArgumentBytes += size;
        }

        Arguments = arguments;
        Parse(text[(text.IndexOf('{', header.Index) + 1)..text.LastIndexOf('}')]);
    }

    /// <summary>The entry's name.</summary>
    public string Entry { get; }

    /// <summary>Threads of a block, at most.</summary>
    public int MaxThreads { get; }

    /// <summary>Where arguments lie in their block, and their bytes.</summary>
    public IReadOnlyList<(int Offset, int Size)> Arguments { get; }

    /// <summary>Bytes of all arguments.</summary>
    public int ArgumentBytes { get; }

    /// <summary>Bytes of shared memory.</summary>
    public int SharedBytes { get; private set; }

    /// <summary>Registers, those for constants included.</summary>
    public int Registers => _initial.Count;

    /// <summary>All instructions.</summary>
    public IReadOnlyList<PtxInstruction> Instructions => _instructions;

    /// <summary>What a register holds before the first instruction.</summary>
    public ulong Initial(int register, PtxBlock block, int thread) => _initial[register](block, thread);

    /// <summary>Runs all blocks.</summary>
    /// <returns>Instructions of warps.</returns>
    public long Launch(int gridX, int gridY, int threads, byte[] arguments, PtxMemory memory)
    {
        if (threads > MaxThreads || threads % 32 != 0)
        {
            throw new PtxException($"{threads} threads, at most {MaxThreads} declared");
        }

        long executed = 0;
        for (int y = 0; y < gridY; y++)
        {
            for (int x = 0; x < gridX; x++)
            {
                executed += new PtxBlock(this, x, y, arguments, memory).Run(threads);
            }
        }

        return executed;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int Size(string type) => Number(Digits().Match(type).Value) / 8;

    private void Parse(string body)
    {
        Dictionary<string, int> labels = [];
        foreach (string part in Separator().Split(body))
        {
            string statement = part.Trim();
            if (SharedArray().Match(statement) is { Success: true } array)
            {
                int align = Number(array.Groups["align"].Value);
                SharedBytes = (SharedBytes + align - 1) / align * align;
                _shared.Add(array.Groups["name"].Value, SharedBytes);
                SharedBytes += Number(array.Groups["bytes"].Value);
            }
            else if (statement.EndsWith(':'))
            {
                labels.Add(statement[..^1], _instructions.Count);
            }
            else if (statement.Length > 0 && !statement.StartsWith(".reg", StringComparison.Ordinal))
            {
                PtxInstruction instruction = Instruction(statement);
                instruction.Text = statement;
                _instructions.Add(instruction);
            }
        }

        // Behind the last instruction nothing may follow.
        _instructions.Add(new PtxReturn { Text = "ret" });
        foreach (PtxBranch branch in _instructions.OfType<PtxBranch>())
        {
            branch.Target = labels[branch.Label];
        }
    }

    private PtxInstruction Instruction(string statement)
    {
        Match match = Statement().Match(statement);
        if (!match.Success)
        {
            throw new PtxException($"not an instruction: {statement}");
        }

        string name = match.Groups["name"].Value;
        string[] operands = Operands(match.Groups["operands"].Value);
        if (name is "bra" or "bra.uni")
        {
            bool has = match.Groups["predicate"].Success;
            return new PtxBranch(
                operands[0], has ? Register(match.Groups["predicate"].Value) : -1, match.Groups["not"].Length == 0);
        }

        if (match.Groups["predicate"].Success)
        {
            throw new PtxException($"only branches have predicates: {statement}");
        }

        string[] parts = name.Split('.');
        return parts[0] switch
        {
            "ret" => new PtxReturn(),
            "bar" => new PtxBarrier(),
            "shfl" when operands[^1] is "4294967295" or "0xffffffff" => new PtxShuffle(
                Register(operands[0]), Register(operands[1]), Register(operands[2]), Register(operands[3]),
                parts[2] == "idx"),
            "ld" or "st" => Access(parts, operands),
            _ => PtxOperationTable.Create(
                name, Register(operands[0]), Register(operands[1]), Register(operands.ElementAtOrDefault(2) ?? "0"),
                Register(operands.ElementAtOrDefault(3) ?? "0"))
                ?? throw new PtxException($"an unknown instruction: {statement}"),
        };
    }

    private PtxAccess Access(string[] parts, string[] operands)
    {
        bool stores = parts[0] == "st";
        (string place, string data) = stores ? (operands[0], operands[1]) : (operands[1], operands[0]);
        Match address = Address().Match(place);
        int offset = address.Groups["offset"].Success ? Number(address.Groups["offset"].Value) : 0;
        int[] registers = [.. Operands(data.Trim('{', '}')).Select(Register)];
        string name = address.Groups["base"].Value;
        return parts[1] switch
        {
            "param" => new PtxAccess(
                PtxSpace.Parameter, stores, Size(parts[^1]), 0, _parameters[name] + offset, registers),
            "global" or "shared" => new PtxAccess(
                parts[1] == "global" ? PtxSpace.Global : PtxSpace.Shared, stores, Size(parts[^1]), Register(name),
                offset, registers),
            _ => throw new PtxException($"unknown memory: {parts[1]}"),
        };
    }

    // Constants and special registers lie in registers of their own, filled before the first instruction.
    private int Register(string name)
    {
        if (!_registers.TryGetValue(name, out int register))
        {
            _registers.Add(name, register = _initial.Count);
            _initial.Add(Contents(name));
        }

        return register;
    }

    private Func<PtxBlock, int, ulong> Contents(string name)
    {
        switch (name)
        {
            case "%tid.x":
                return (_, thread) => (ulong)thread;
            case "%ctaid.x":
                return (block, _) => (ulong)block.X;
            case "%ctaid.y":
                return (block, _) => (ulong)block.Y;
        }

        if (name[0] == '%')
        {
            // Nothing may be read before it is written: such a value is a wild address and a NaN.
            return Digits().IsMatch(name)
                ? (_, _) => ulong.MaxValue
                : throw new PtxException($"an unknown register: {name}");
        }

        ulong value = _shared.TryGetValue(name, out int at) ? (ulong)at
            : name.StartsWith("0f", StringComparison.Ordinal)
                ? uint.Parse(name[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : name.StartsWith("0x", StringComparison.Ordinal)
                ? ulong.Parse(name[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : name[0] == '-' ? (ulong)long.Parse(name, CultureInfo.InvariantCulture)
            : ulong.Parse(name, CultureInfo.InvariantCulture);
        return (_, _) => value;
    }

    private static string[] Operands(string text) => OperandSeparator().Split(text.Trim());

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\.entry\s+(?<name>\w+)\((?<parameters>.*?)\)", RegexOptions.Singleline)]
    private static partial Regex Header();

    [GeneratedRegex(@"\.maxntid\s+(\d+), 1, 1")]
    private static partial Regex Threads();

    [GeneratedRegex(
        @"\.param(?:\s+\.align\s+(?<align>\d+))?\s+\.(?<type>\w+)\s+(?<name>\w+)(?:\[(?<bytes>\d+)\])?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.shared\s+\.align\s+(?<align>\d+)\s+\.b8\s+(?<name>\w+)\[(?<bytes>\d+)\]")]
    private static partial Regex SharedArray();

    [GeneratedRegex(@";|(?<=\bL\d+:)")]
    private static partial Regex Separator();

    [GeneratedRegex(
        @"^(?:@(?<not>!?)(?<predicate>%p\d+)\s+)?(?<name>[a-z][\w.]*)\s*(?<operands>.*)$", RegexOptions.Singleline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"^\[(?<base>[%\w.]+)(?:\+(?<offset>\d+))?\]$")]
    private static partial Regex Address();

    // Commas outside of braces.
    [GeneratedRegex(@"\s*,\s*(?![^{]*\})")]
    private static partial Regex OperandSeparator();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
