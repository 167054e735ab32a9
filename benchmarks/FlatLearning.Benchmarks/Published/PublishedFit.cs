namespace FlatLearning.Benchmarks.Published;

/// <summary>One start of the published recipe: unknowns, kernel and optimiser.</summary>
internal sealed class PublishedFit
{
    private readonly PublishedShape _shape;
    private readonly PublishedKernel _kernel;
    private readonly Adam _adam;
    private readonly AlignedArray _gradient;
    private readonly double _deviation;

    public PublishedFit(PublishedShape shape, float[] w, AlignedArray theta, int threads)
    {
        (_shape, Theta) = (shape, theta);
        _kernel = new PublishedKernel(shape, w, threads);
        _adam = new Adam(shape.Length);
        _gradient = new AlignedArray(shape.Length);
        _deviation = PublishedError.Deviation(w);
    }

    private PublishedFit(PublishedFit other, float[] w, int threads)
    {
        (_shape, Theta, _adam, _gradient, _deviation) =
            (other._shape, other.Theta, other._adam, other._gradient, other._deviation);
        _kernel = new PublishedKernel(_shape, w, threads);
    }

    public AlignedArray Theta { get; }

    /// <summary>One step; returns the loss before it.</summary>
    public double Step()
    {
        double loss = _kernel.Loss(Theta, _gradient);
        _adam.Step(Theta, _gradient);
        return loss;
    }

    /// <summary>The published measure with states rounded to 2^bits steps.</summary>
    public double Error(int bits) => _kernel.MeanAbsolute(ColumnRounding.OfStates(_shape, Theta, bits)) / _deviation;

    /// <summary>The same fit, going on with another number of threads; this object must not be used any more.</summary>
    public PublishedFit With(float[] w, int threads) => new(this, w, threads);
}
