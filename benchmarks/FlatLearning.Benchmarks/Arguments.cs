using System.Globalization;

namespace FlatLearning.Benchmarks;

/// <summary>Options of a benchmark: <c>--name value</c>, or <c>--name</c> alone for a switch.</summary>
internal sealed class Arguments(string[] arguments)
{
    public bool Has(string name) => Array.IndexOf(arguments, name) >= 0;

    public string Text(string name, string otherwise)
    {
        int index = Array.IndexOf(arguments, name);
        return index >= 0 && index + 1 < arguments.Length ? arguments[index + 1] : otherwise;
    }

    public string Required(string name) =>
        Text(name, string.Empty) is { Length: > 0 } text
            ? text
            : throw new ArgumentException($"the option {name} is missing");

    public int Number(string name, int otherwise) =>
        Has(name) ? int.Parse(Text(name, string.Empty), CultureInfo.InvariantCulture) : otherwise;
}
