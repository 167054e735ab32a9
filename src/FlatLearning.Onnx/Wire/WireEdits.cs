namespace FlatLearning.Onnx.Wire;

/// <summary>Changes to the bytes of a message, from its beginning to its end.</summary>
internal sealed class WireEdits
{
    private readonly List<WireEdit> _edits = [];

    /// <summary>Number of changes.</summary>
    public int Count => _edits.Count;

    /// <summary>Bytes that the message has more afterwards.</summary>
    public long Growth => _edits.Sum(edit => (long)edit.Inserted.Length - edit.Removed);

    /// <summary>Adds a change behind those that are there.</summary>
    public void Add(int position, int removed, byte[] inserted) => _edits.Add(new(position, removed, inserted));

    /// <summary>Replaces an earlier change.</summary>
    public void Set(int index, int position, int removed, byte[] inserted) =>
        _edits[index] = new(position, removed, inserted);

    /// <summary>Takes back all changes from one on.</summary>
    public void Truncate(int count) => _edits.RemoveRange(count, _edits.Count - count);

    /// <summary>Hands out the changed bytes, part by part.</summary>
    public void Write(ReadOnlySpan<byte> message, Action<ReadOnlySpan<byte>> write)
    {
        int position = 0;
        foreach (WireEdit edit in _edits)
        {
            write(message[position..edit.Position]);
            write(edit.Inserted);
            position = edit.Position + edit.Removed;
        }

        write(message[position..]);
    }
}
