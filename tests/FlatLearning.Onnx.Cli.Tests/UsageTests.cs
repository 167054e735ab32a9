using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>Bad usage: status 2, one sentence on stderr, nothing on stdout, nothing written.</summary>
public sealed class UsageTests
{
    public static TheoryData<string, string> Lines => new()
    {
        { "", "no verb" },
        { "transmogrify", "'transmogrify'" },
        { "transmogrify --hard", "'--hard'" },
        { "convert", "missing" },
        { "convert IN --frobnicate", "'--frobnicate'" },
        { "convert --frobnicate", "'--frobnicate'" },
        { "convert -x", "'-x'" },
        { "convert IN IN", "one argument too many" },
        { "convert IN -o", "'-o'" },
        { "convert IN --bits", "--bits" },
        { "convert IN --bits 0", "--bits is '0'" },
        { "convert IN --bits four", "--bits is 'four'" },
        { "convert IN --bits NaN", "--bits is 'NaN'" },
        { "convert IN --code-bits 7", "--code-bits is 7" },
        { "convert IN --code-bits 0", "--code-bits is '0'" },
        { "convert IN --code-bits 4.0", "--code-bits is '4.0'" },
        { "convert IN --code-bits 99999999999", "--code-bits is '99999999999'" },
        { "convert IN --code-bits 4 --bits 4", "one of the two" },
        { "convert IN --target-size 100%", "'100%'" },
        { "convert IN --target-size 12furlongs", "'12furlongs'" },
        { "convert IN --target-size MB", "'MB'" },
        { "convert IN --target-error 0", "--target-error is '0'" },
        { "convert IN --target-snr -3", "'-3'" },
        { "convert IN --bits 3 --target-size 10kB", "different targets" },
        { "convert IN --effort max", "--effort" },
        { "convert IN --effort huge --bits 3", "'huge'" },
        { "convert IN --method riem --bits 3", "'riem'" },
        { "convert IN --hessian magic", "'magic'" },
        { "convert IN --hessian none.npz", "'none.npz'" },
        { "convert IN --taps 0", "--taps is '0'" },
        { "convert IN --taps 6", "--taps is 6" },
        { "convert IN --code-bits 8 --taps 3", "--taps is 3" },
        { "convert IN --taps 2147483647", "--taps is 2147483647" },
        { "convert IN --method magic", "'magic'" },
        { "convert IN --min-size -1", "--min-size is '-1'" },
        { "convert IN --min-size big", "--min-size is 'big'" },
        { "convert IN --op-types Softmax", "'Softmax'" },
        { "convert IN --op-types MatMul,Softmax", "'Softmax'" },
        { "convert IN --op-types ,", "--op-types" },
        { "convert IN --include (", "--include '('" },
        { "convert IN --exclude [a", "--exclude '[a'" },
        { "convert IN --threads 0", "--threads is '0'" },
        { "convert IN --threads -2", "--threads is '-2'" },
        { "convert IN --seed x", "--seed is 'x'" },
        { "convert IN --dry-run --verify", "--dry-run" },
        { "convert IN --inputs IN", "--verify" },
        { "convert IN --inputs none.npz --verify", "'none.npz'" },
        { "convert IN --inputs IN --verify", "no kind of input" },
        { "convert IN -o FOLDER", "is a folder" },
        { "convert IN -o FOLDER/none/out.onnx", "folder of" },
        { "convert IN -o IN --overwrite", "input as well as the output" },
        { "convert IN -o IN", "exists already" },
        { "convert IN -o /dev/null --overwrite", "no ordinary file" },
        { "convert none.onnx", "does not exist" },
        { "convert FOLDER", "is a folder" },
        { "compare IN", "missing" },
        { "compare IN none.onnx", "does not exist" },
        { "compare none.onnx IN", "does not exist" },
        { "compare IN IN --samples 0", "--samples is '0'" },
        { "compare IN IN --shape x", "'x'" },
        { "compare IN IN --shape nobody=1", "'nobody'" },
        { "compare IN IN --shape x=1,65", "fixed" },
        { "compare IN IN --shape x=1,64 --inputs IN", "--shape" },
        { "compare IN IN --fail-if snr", "not a condition" },
        { "compare IN IN --fail-if luck<3", "not a condition" },
        { "compare IN IN --custom-ops none.so", "'none.so'" },
        { "compare IN IN --custom-ops IN", "library" },
        { "compare IN IN --custom-ops libflat_custom_ops.so --portable", "--portable" },
        { "compare IN IN --inputs none.npz", "'none.npz'" },
        { "convert IN --method riem --storage entropy", "--storage has no effect here, since --method riem" },
        { "convert IN --method dyn-l1 --taps 2", "--taps has no effect here, since --method dyn-l1" },
        { "convert IN --method dyn-l2 --code-bits 3", "--code-bits has no effect here" },
        { "convert IN --storage entropy --taps 2", "--taps has no effect here, since entropy-coded" },
        { "convert IN --verify --no-check", "--no-check has no effect here, since --verify" },
        { "convert IN --dry-run --no-check", "--no-check has no effect here, since --dry-run" },
        { "convert IN --format onnxruntime --method riem", "--method has no effect here, since --format onnxruntime" },
        { "convert IN --format onnxruntime --storage entropy", "--storage has no effect here" },
        { "convert IN --format onnxruntime --bits 4 --effort max", "--effort has no effect here" },
        { "convert IN --format onnxruntime --no-portable", "--no-portable has no effect here" },
        { "convert IN --format onnxruntime --target-snr 30", "--bits" },
        { "convert IN --format onnxruntime --target-error 0.01", "--target-size" },
        { "convert IN --format gguf", "'gguf'" },
        { "convert IN --fast --objective prior", "--objective has no effect here" },
        { "convert IN --code-bits 3 --objective outputs", "--objective has no effect here" },
        { "convert IN --method riem --objective prior", "--objective has no effect here" },
        { "convert IN --storage entropy --objective prior", "--objective has no effect here" },
        { "convert IN --target-error 0.01 --objective prior", "--objective has no effect here, since --target-error" },
        { "convert IN --bits 3 --taps 2 --objective outputs", "--objective has no effect here, since outputs" },
        { "convert IN --bits 3 --hessian auto --objective outputs", "--objective has no effect here, since outputs" },
        { "compare IN IN --inputs IN --seed 1", "--seed has no effect here, since --inputs" },
        { "bench IN --inputs IN --seed 1", "--seed has no effect here, since --inputs" },
        { "fit IN::W1 --method codes --state-dim 4", "--state-dim has no effect here" },
        { "fit IN::W1 --method codes --check-gradients", "--check-gradients has no effect here" },
        { "fit IN::W1 --method dyn-l2 --shifts 2", "--shifts has no effect here" },
        { "fit IN::W1 --overwrite", "--overwrite has no effect here, since without --plot" },
        { "bench", "missing" },
        { "bench none.onnx", "does not exist" },
        { "bench IN FOLDER", "is a folder" },
        { "bench IN --provider cuda", "cuda" },
        { "bench IN --batch 0", "--batch is '0'" },
        { "bench IN --batch 1,", "--batch is '1,'" },
        { "bench IN --batch 8", "fix it at 1" },
        { "bench IN --batch 1 --shape x=1,64", "--shape or --batch" },
        { "bench IN --shape x=1,65", "fixed" },
        { "bench IN --shape x=1,64 --inputs IN", "--shape" },
        { "bench IN --inputs none.npz", "'none.npz'" },
        { "bench IN --seconds 0", "--seconds is '0'" },
        { "bench IN --seconds NaN", "--seconds is 'NaN'" },
        { "bench IN --seconds 1e9", "--seconds is '1e9'" },
        { "bench IN --threads 0", "--threads is '0'" },
        { "bench IN --custom-ops none.so", "'none.so'" },
        { "bench IN --custom-ops none --custom-ops none", "2 times for 1" },
        { "bench IN --custom-ops IN", "library" },
        { "bench IN --frobnicate", "'--frobnicate'" },
        { "inspect", "missing" },
        { "inspect none.onnx", "does not exist" },
        { "inspect IN", "not a converted model" },
        { "restore IN", "not a converted model" },
        { "restore IN -o IN", "exists already" },
        { "restore none.onnx", "does not exist" },
        { "fit", "missing" },
        { "fit none.npy", "does not exist" },
        { "fit none.onnx", "does not exist" },
        { "fit FOLDER", "is a folder" },
        { "fit IN", "2 matrices" },
        { "fit IN::W9", "'W9'" },
        { "fit IN::b", "[48]" },
        { "fit IN::W1 --bits 0", "--bits names '0'" },
        { "fit IN::W1 --bits 4,four", "--bits names 'four'" },
        { "fit IN::W1 --bits 33", "--bits names '33'" },
        { "fit IN::W1 --bits ,", "--bits names ''" },
        { "fit IN::W1 --method magic", "'magic'" },
        { "fit IN::W1 --state-dim 0", "--state-dim is '0'" },
        { "fit IN::W1 --state-dim 5000", "--state-dim is 5000" },
        { "fit IN::W1 --state-bits 9", "--state-bits is 9" },
        { "fit IN::W1 --shifts x", "--shifts is 'x'" },
        { "fit IN::W1 --width 0", "--width is '0'" },
        { "fit IN::W1 --time-limit 0", "--time-limit is '0'" },
        { "fit IN::W1 --time-limit soon", "--time-limit is 'soon'" },
        { "fit IN::W1 --plot p.png", "'p.png'" },
        { "fit IN::W1 --plot FOLDER/none/p.svg", "folder of" },
        { "fit IN::W1 IN::W2", "one argument too many" },
        { "library-path here", "one argument too many" },
        { "completion tcsh", "'tcsh'" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task BadLine_IsRefusedInOneSentence(string line, string named)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("in.onnx", Networks.Small());
        string[] arguments = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(
                word => word.Replace("IN", input, StringComparison.Ordinal)
                    .Replace("FOLDER", folder.Path, StringComparison.Ordinal))];
        CliResult result = (await Tool.RunAsync(arguments)).AssertRefused(named);
        Assert.Equal(string.Empty, result.Out);
        Assert.Equal(["in.onnx"], folder.Names);
    }

    [Fact]
    public async Task EmptyPaths_AreRefused()
    {
        (await Tool.RunAsync("convert", "")).AssertRefused("empty path");
        (await Tool.RunAsync("convert", "in.onnx", "-o", "")).AssertRefused("empty path");
    }

    [Fact]
    public async Task BadUsage_OfAProcess_IsStatus2WithOneSentenceOnStderr()
    {
        CliResult result = (await ToolProcess.RunAsync("convert", "none.onnx")).AssertRefused("does not exist");
        Assert.Equal(string.Empty, result.Out);
        (await ToolProcess.RunAsync("convert", "--frobnicate")).AssertRefused("'--frobnicate'");
    }

    [Theory]
    [InlineData("--verbose")]
    [InlineData("-v")]
    public async Task Error_WithVerbose_ShowsWhereItCameFrom(string option)
    {
        CliResult result = await Tool.RunAsync("convert", "none.onnx", option);
        Assert.Equal(2, result.Status);
        Assert.Contains("   at FlatLearning.Onnx.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Include_ExpressionThatNeverEnds_IsRefused()
    {
        using TemporaryFolder folder = new();
        var model = Networks.Small();
        model.Graph.Node[0].Name = new string('a', 60) + "!";
        string input = folder.Write("in.onnx", model);
        (await Tool.RunAsync("convert", input, "--include", "^(a+)+$")).AssertRefused("--include");
        Assert.Equal(["in.onnx"], folder.Names);
    }
}
