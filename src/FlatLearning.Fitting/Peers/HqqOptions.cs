namespace FlatLearning.Fitting.Peers;

/// <summary>The numbers of the half-quadratic solver, with the published defaults.</summary>
internal sealed record HqqOptions
{
    /// <summary>p of the l_p norm of the error that is minimised, below 1 so that outliers are let go.</summary>
    public double Norm { get; init; } = 0.7;

    /// <summary>beta, the weight of the quadratic coupling at the start.</summary>
    public double Beta { get; init; } = 10;

    /// <summary>kappa, what beta is multiplied with after every iteration.</summary>
    public double Kappa { get; init; } = 1.01;

    /// <summary>The most iterations.</summary>
    public int Iterations { get; init; } = 20;
}
