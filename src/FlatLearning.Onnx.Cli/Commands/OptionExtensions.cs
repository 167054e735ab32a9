using System.CommandLine;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>Small additions to System.CommandLine.</summary>
internal static class OptionExtensions
{
    /// <summary>Restricts an option to given words and returns it.</summary>
    public static Option<string> AcceptOnly(this Option<string> option, params string[] words)
    {
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
