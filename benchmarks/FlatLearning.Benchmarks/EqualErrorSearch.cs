namespace FlatLearning.Benchmarks;

/// <summary>A family of representations of a model's weights by one number, with which error falls and size grows.</summary>
internal abstract class EqualErrorSearch
{
    /// <summary>A number whose error is below the allowed one, and one whose error is above.</summary>
    public abstract (double Low, double High) Range(double allowed, long count);

    /// <summary>Squared error and stored bytes.</summary>
    public abstract (double Squared, long Bytes) At(double parameter);

    /// <summary>Prints what every weight gets.</summary>
    public abstract void Print(double parameter);
}
