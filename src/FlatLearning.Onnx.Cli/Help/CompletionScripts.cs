namespace FlatLearning.Onnx.Cli.Help;

/// <summary>
/// Scripts that let a shell ask the tool itself what fits, through the parser's <c>[suggest:POSITION]</c> directive.
/// </summary>
internal static class CompletionScripts
{
    private static readonly Dictionary<string, string> ByShell = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _flat_onnx() {
                local IFS=$'\n'
                local words
                words=$(flat-onnx "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
                COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _flat_onnx flat-onnx
            """,
        ["fish"] = """
            function __flat_onnx_words
                flat-onnx "[suggest:"(string length (commandline -cp))"]" (commandline -cp) 2>/dev/null
            end
            complete -c flat-onnx -a '(__flat_onnx_words)'
            """,
        ["powershell"] = """
            Register-ArgumentCompleter -Native -CommandName flat-onnx -ScriptBlock {
                param($word, $line, $position)
                flat-onnx "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
        ["zsh"] = """
            _flat_onnx() {
                local -a found
                found=(${(f)"$(flat-onnx "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)"})
                compadd -- $found
                _files
            }
            compdef _flat_onnx flat-onnx
            """,
    };

    /// <summary>The shells that there is a script for.</summary>
    public static IReadOnlyCollection<string> Shells => ByShell.Keys;

    /// <summary>The script of one of them.</summary>
    public static string Of(string shell) => ByShell[shell];
}
