namespace FlatLearning.Onnx.Files;

/// <summary>
/// Several files that appear together or not at all. Each is written to a temporary file beside its target;
/// <see cref="Commit"/> renames them in the order of their creation, so the file created last is the one whose
/// appearance makes the set valid. An earlier file that is in the way is set aside first and put back if anything after
/// it fails. Disposing without a commit deletes every trace.
/// </summary>
internal sealed class AtomicFileSet : IDisposable
{
    private readonly List<Entry> _entries = [];

    /// <summary>Starts one file.</summary>
    /// <param name="target">Full path that it is to have.</param>
    public FileStream Create(string target)
    {
        string temporary =
            Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        _entries.Add(new Entry(target, temporary, stream));
        return stream;
    }

    /// <summary>Flushes everything to the disk and renames.</summary>
    public void Commit()
    {
        foreach (Entry entry in _entries)
        {
            entry.Stream.Flush(flushToDisk: true);
            entry.Stream.Dispose();
        }

        try
        {
            // The last file needs no backup: its rename replaces atomically and nothing can fail after it.
            foreach (Entry entry in _entries.SkipLast(1))
            {
                if (File.Exists(entry.Target))
                {
                    string aside = entry.Temporary + ".old";
                    File.Move(entry.Target, aside);
                    entry.Aside = aside;
                }

                File.Move(entry.Temporary, entry.Target);
                entry.Renamed = true;
            }

            File.Move(_entries[^1].Temporary, _entries[^1].Target, overwrite: true);
        }
        catch
        {
            PutBack();
            throw;
        }

        foreach (Entry entry in _entries.Where(entry => entry.Aside is not null))
        {
            TryDelete(entry.Aside!);
        }

        _entries.Clear();
    }

    public void Dispose()
    {
        foreach (Entry entry in _entries)
        {
            try
            {
                entry.Stream.Dispose();
            }
            catch (Exception exception) when (FileReason.IsWriteFailure(exception))
            {
                // A full disk can make the last flush fail; the file is deleted next anyway.
            }

            TryDelete(entry.Temporary);
        }
    }

    private void PutBack()
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Renamed)
            {
                TryDelete(entry.Target);
            }

            if (entry.Aside is not null)
            {
                File.Move(entry.Aside, entry.Target);
            }
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A leftover that cannot be deleted does not make the result wrong.
        }
    }

    private sealed class Entry(string target, string temporary, FileStream stream)
    {
        public string Target { get; } = target;

        public string Temporary { get; } = temporary;

        public FileStream Stream { get; } = stream;

        /// <summary>Where the earlier file of that name is kept, or null.</summary>
        public string? Aside { get; set; }

        public bool Renamed { get; set; }
    }
}
