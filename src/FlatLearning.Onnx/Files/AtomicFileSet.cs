namespace FlatLearning.Onnx.Files;

/// <summary>
/// Several files that appear together or not at all. Each is written to a temporary file beside its target;
/// <see cref="Commit"/> renames them in the order of their creation, so the file created last is the one whose
/// appearance makes the set valid. An earlier file that is in the way is set aside first and put back if anything after
/// it fails. Disposing without a commit deletes every trace.
/// </summary>
/// <param name="existing">What happens to files that are at the targets when the set is committed. Where they are not
/// to be replaced, of several processes that commit to one target exactly one succeeds.</param>
internal sealed class AtomicFileSet(ExistingFile existing = ExistingFile.Replace) : IDisposable
{
    private readonly List<Entry> _entries = [];
    private readonly List<string> _leftovers = [];

    /// <summary>
    /// Finds out whether a file of a target's name could be, and can be made in its folder, by making another one there
    /// and deleting it.
    /// </summary>
    /// <exception cref="OnnxModelException">It cannot.</exception>
    public static void Probe(string target)
    {
        try
        {
            if (!Path.Exists(target))
            {
                RequirePossible(target);
            }

            string temporary = TemporaryName(target);
            new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None).Dispose();
            File.Delete(temporary);
        }
        catch (Exception exception) when (FileReason.IsWriteFailure(exception))
        {
            throw new OnnxModelException(Messages.TargetUnwritable(target, FileReason.Of(exception)), exception);
        }
    }

    /// <summary>Starts one file.</summary>
    /// <param name="target">Full path that it is to have.</param>
    public FileStream Create(string target)
    {
        string temporary = TemporaryName(target);
        FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        _entries.Add(new Entry(target, temporary, stream));
        return stream;
    }

    /// <summary>A file that the set has no use for any more; it is deleted once the set is in place.</summary>
    public void DeleteAfterwards(string path) => _leftovers.Add(path);

    /// <summary>Flushes everything to the disk and renames.</summary>
    /// <exception cref="OnnxModelException">A target exists and is not to be replaced.</exception>
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
                if (existing == ExistingFile.Replace && File.Exists(entry.Target))
                {
                    string aside = entry.Temporary + ".old";
                    File.Move(entry.Target, aside);
                    entry.Aside = aside;
                }

                Rename(entry, ExistingFile.Refuse);
                entry.Renamed = true;
            }

            Rename(_entries[^1], existing);
        }
        catch
        {
            PutBack();
            throw;
        }

        foreach (string path in _entries.Select(entry => entry.Aside).OfType<string>().Concat(_leftovers))
        {
            TryDelete(path);
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

    // A name that is too long is told apart from one that is free only here.
    private static void RequirePossible(string target)
    {
        try
        {
            File.GetAttributes(target);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nothing has the name.
        }
    }

    // Short and of its own: beside a name of the longest length that the system allows, a longer one would not fit.
    private static string TemporaryName(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $".flat-{Guid.NewGuid():N}.tmp");

    /// <summary>Refusing an existing target is one step of the system, not a look and then a rename.</summary>
    private static void Rename(Entry entry, ExistingFile existing)
    {
        try
        {
            if (existing == ExistingFile.Replace)
            {
                File.Move(entry.Temporary, entry.Target, overwrite: true);
            }
            else
            {
                ExclusiveRename.Move(entry.Temporary, entry.Target);
            }
        }
        catch (IOException exception) when (existing == ExistingFile.Refuse && Path.Exists(entry.Target))
        {
            throw new OnnxModelException(Messages.TargetExists(entry.Target), exception);
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
