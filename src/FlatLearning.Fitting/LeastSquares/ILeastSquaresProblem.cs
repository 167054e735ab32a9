using FlatLearning.Numerics;

namespace FlatLearning.Fitting.LeastSquares;

/// <summary>
/// A nonlinear least-squares problem, cost(theta) = half the squared norm of the weighted residuals, known by products
/// alone. Vectors have <see cref="Length"/> floats; all products belong to the point of the last call of
/// <see cref="Cost"/> or <see cref="Gradient"/>.
/// </summary>
internal interface ILeastSquaresProblem
{
    /// <summary>The number of unknowns, padding included.</summary>
    int Length { get; }

    /// <summary>Units of work done so far; one is about one evaluation of the cost.</summary>
    double Work { get; }

    /// <summary>The cost at theta.</summary>
    double Cost(AlignedFloats theta);

    /// <summary>The cost at theta and its gradient; components of unknowns that are held fixed are 0.</summary>
    double Gradient(AlignedFloats theta, AlignedFloats gradient);

    /// <summary>result = JᵀJ direction; components of unknowns that are held fixed are 0.</summary>
    void GaussNewton(AlignedFloats direction, AlignedFloats result);

    /// <summary>Computes what <see cref="Precondition"/> and <see cref="Scale"/> need at the present point.</summary>
    void Prepare();

    /// <summary>Factorises the preconditioner for a damping; cheap beside <see cref="Prepare"/>.</summary>
    void Damp(double damping);

    /// <summary>result = (an approximation of JᵀJ + damping · D)^-1 vector, symmetric and positive definite.</summary>
    void Precondition(AlignedFloats vector, AlignedFloats result);

    /// <summary>The positive diagonal D that damping is relative to; 0 for unknowns that are held fixed.</summary>
    AlignedFloats Scale { get; }

    /// <summary>
    /// Moves theta, after a step, to where it must be (bounds) or may cheaply be (linear unknowns at their
    /// least-squares values), where that lowers the cost. Returns the cost there; theta is the point of linearisation
    /// afterwards.
    /// </summary>
    double Improve(AlignedFloats theta, double cost);
}
