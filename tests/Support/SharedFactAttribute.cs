namespace FlatLearning.Testing;

/// <summary>
/// A test that needs the shared models beside the checkout; skipped, with the reason, where they are absent.
/// </summary>
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (Repository.Shared is null)
        {
            Skip = "needs the folder 'shared' beside the checkout";
        }
    }
}

/// <summary>
/// A parameterised test that needs the shared models beside the checkout; skipped, with the reason, where they are
/// absent.
/// </summary>
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute()
    {
        if (Repository.Shared is null)
        {
            Skip = "needs the folder 'shared' beside the checkout";
        }
    }
}
