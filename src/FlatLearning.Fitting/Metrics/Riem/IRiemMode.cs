namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// What one run through the matrix does with u, its value per element; constants of a type, so that the compiler leaves
/// out the rest.
/// </summary>
internal interface IRiemMode
{
    /// <summary>u is the residual, metric - target.</summary>
    static abstract bool Residual { get; }

    /// <summary>u is the Jacobian times a direction.</summary>
    static abstract bool Direction { get; }

    /// <summary>u is read from a field.</summary>
    static abstract bool Given { get; }

    /// <summary>u is written to a field.</summary>
    static abstract bool Store { get; }

    /// <summary>The transposed Jacobian is applied to u times the weights.</summary>
    static abstract bool Backward { get; }

    /// <summary>The normal equations of v and beta are added up.</summary>
    static abstract bool Normal { get; }
}

/// <summary>The cost alone.</summary>
internal readonly struct CostMode : IRiemMode
{
    public static bool Residual => true;

    public static bool Direction => false;

    public static bool Given => false;

    public static bool Store => false;

    public static bool Backward => false;

    public static bool Normal => false;
}

/// <summary>The cost and its gradient.</summary>
internal readonly struct GradientMode : IRiemMode
{
    public static bool Residual => true;

    public static bool Direction => false;

    public static bool Given => false;

    public static bool Store => false;

    public static bool Backward => true;

    public static bool Normal => false;
}

/// <summary>Jᵀ weights J direction.</summary>
internal readonly struct GaussNewtonMode : IRiemMode
{
    public static bool Residual => false;

    public static bool Direction => true;

    public static bool Given => false;

    public static bool Store => false;

    public static bool Backward => true;

    public static bool Normal => false;
}

/// <summary>field = J direction.</summary>
internal readonly struct ForwardMode : IRiemMode
{
    public static bool Residual => false;

    public static bool Direction => true;

    public static bool Given => false;

    public static bool Store => true;

    public static bool Backward => false;

    public static bool Normal => false;
}

/// <summary>field = metric - target, and the cost.</summary>
internal readonly struct ResidualMode : IRiemMode
{
    public static bool Residual => true;

    public static bool Direction => false;

    public static bool Given => false;

    public static bool Store => true;

    public static bool Backward => false;

    public static bool Normal => false;
}

/// <summary>Jᵀ weights field.</summary>
internal readonly struct TransposedMode : IRiemMode
{
    public static bool Residual => false;

    public static bool Direction => false;

    public static bool Given => true;

    public static bool Store => false;

    public static bool Backward => true;

    public static bool Normal => false;
}

/// <summary>The normal equations of v and beta.</summary>
internal readonly struct NormalMode : IRiemMode
{
    public static bool Residual => false;

    public static bool Direction => false;

    public static bool Given => false;

    public static bool Store => false;

    public static bool Backward => false;

    public static bool Normal => true;
}
