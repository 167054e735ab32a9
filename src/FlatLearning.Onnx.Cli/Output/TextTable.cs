namespace FlatLearning.Onnx.Cli.Output;

/// <summary>A plain table: columns as wide as their widest cell, numbers to the right.</summary>
internal sealed class TextTable
{
    /// <summary>The most characters of a cell; of longer ones the middle is left out.</summary>
    private const int MaxCell = 120;

    private readonly string[] _headers;
    private readonly bool[] _alignRight;
    private readonly List<string[]> _rows = [];

    /// <summary>Creates a table; a header that starts with '>' aligns its column to the right.</summary>
    public TextTable(params string[] headers)
    {
        _alignRight = Array.ConvertAll(headers, header => header.StartsWith('>'));
        _headers = Array.ConvertAll(headers, header => header.TrimStart('>'));
    }

    /// <summary>Adds a row of as many cells as there are headers.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != _headers.Length)
        {
            throw new ArgumentException($"{cells.Length} cells do not fill {_headers.Length} columns.", nameof(cells));
        }

        _rows.Add(Array.ConvertAll(cells, cell => OneLine.Within(cell, MaxCell)));
    }

    /// <summary>Writes the table, indented by two blanks.</summary>
    public void Write(TextWriter writer)
    {
        int[] widths = new int[_headers.Length];
        for (int column = 0; column < widths.Length; column++)
        {
            widths[column] =
                Math.Max(_headers[column].Length, _rows.Select(row => row[column].Length).DefaultIfEmpty(0).Max());
        }

        WriteRow(writer, _headers, widths);
        foreach (string[] row in _rows)
        {
            WriteRow(writer, row, widths);
        }
    }

    private void WriteRow(TextWriter writer, string[] cells, int[] widths)
    {
        IEnumerable<string> padded =
            cells.Select((cell, i) => _alignRight[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
        writer.WriteLine(("  " + string.Join("  ", padded)).TrimEnd());
    }
}
