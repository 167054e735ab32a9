using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// How far one output is from the same output of the original, accumulated in double precision over any number of runs.
/// Elements that are the same NaN or the same infinity in both count as equal; elements that are not finite in one only
/// are counted apart (<see cref="Introduced"/>, <see cref="Vanished"/>) and make every distance
/// <see cref="double.NaN"/>.
/// </summary>
/// <param name="name">The output's name.</param>
internal sealed class OutputStatistics(string name)
{
    private ClassStatistics? _classes;
    private bool _classesDecided;
    private double _absolute;
    private double _largest;
    private double _error;
    private double _reference;
    private double _converted;
    private double _product;

    /// <summary>The output's name.</summary>
    public string Name { get; } = name;

    /// <summary>The element type in the original.</summary>
    public TensorElementType ElementType { get; private set; }

    /// <summary>Elements seen.</summary>
    public long Elements { get; private set; }

    /// <summary>Elements that are equal as numbers, or not finite in the same way.</summary>
    public long Equal { get; private set; }

    /// <summary>Elements that are finite in the original and not in the converted model: always a failure.</summary>
    public long Introduced { get; private set; }

    /// <summary>Elements that are not finite in the original and something else in the converted model.</summary>
    public long Vanished { get; private set; }

    /// <summary>Elements of the original that are not finite.</summary>
    public long NonFiniteOriginal { get; private set; }

    /// <summary>
    /// Whether the type is a floating-point one; distances of the others are told as the share of unequal elements.
    /// </summary>
    public bool IsFloat => TensorNumbers.IsFloat(ElementType);

    /// <summary>Whether the elements stand for texts, which have no distance.</summary>
    public bool IsText { get; private set; }

    /// <summary>Elements that are the same NaN or infinity in both; no distance has them.</summary>
    public long NonFiniteInBoth => NonFiniteOriginal - Vanished;

    /// <summary>Whether every element was equal.</summary>
    public bool Identical => Equal == Elements;

    /// <summary>Whether every element of the original was zero, of at least one.</summary>
    public bool AllZeroOriginal => Elements > 0 && _reference == 0 && NonFiniteOriginal == 0;

    /// <summary>Whether every element of the converted model's output was zero, of at least one.</summary>
    public bool AllZeroConverted => Elements > 0 && _converted == 0 && Introduced == 0 && NonFiniteOriginal == 0;

    /// <summary>max |a - b|.</summary>
    public double MaxAbs => Measure(_largest);

    /// <summary>mean |a - b|; 0 without elements.</summary>
    public double MeanAbs => Measure(_absolute / Math.Max(Elements, 1));

    /// <summary>
    /// ||a - b|| / ||a|| for floating-point outputs, infinite where only the original is zero; the share of unequal
    /// elements for the others.
    /// </summary>
    public double RelativeL2 => !IsFloat ? UnequalShare : Measure(_error == 0 ? 0 : Math.Sqrt(_error / _reference));

    /// <summary>
    /// 10 log10(||a||^2 / ||a - b||^2) in dB; infinite where there is no difference. NaN for other than floating-point
    /// types.
    /// </summary>
    public double SnrDb =>
        !IsFloat ? double.NaN : Measure(_error == 0 ? double.PositiveInfinity : 10 * Math.Log10(_reference / _error));

    /// <summary>
    /// a·b / (||a|| ||b||); 1 where there is no difference, 0 where only one is zero. NaN for other than floating-point
    /// types.
    /// </summary>
    public double Cosine => !IsFloat ? double.NaN
        : Measure(
            _error == 0
                ? 1
                : _reference == 0 || _converted == 0
                ? 0
                : Math.Clamp(_product / Math.Sqrt(_reference) / Math.Sqrt(_converted), -1, 1));

    /// <summary>The share of unequal elements, from 0 to 1.</summary>
    public double UnequalShare => Elements == 0 ? 0 : (double)(Elements - Equal) / Elements;

    /// <summary>
    /// The measures of class scores, or null where the output has no class axis (<see cref="ClassAxis"/>).
    /// </summary>
    public ClassStatistics? Classes => _classes;

    /// <summary>Adds the output of one run.</summary>
    /// <param name="original">The original's output.</param>
    /// <param name="converted">The converted model's, of the same element type and shape.</param>
    /// <exception cref="UsageException">Types or shapes differ, or the type has no numbers.</exception>
    public void Add(OrtTensor original, OrtTensor converted)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(converted);
        if (original.ElementType != converted.ElementType || !original.Shape.SequenceEqual(converted.Shape)
            || original.IsText != converted.IsText || original.Structure != converted.Structure)
        {
            throw new UsageException(Messages.OutputsDiffer(Name, original.ToString(), converted.ToString()));
        }

        ElementType = original.ElementType;
        IsText |= original.IsText;
        double[] a = TensorNumbers.ToDoubles(original, Name);
        double[] b = TensorNumbers.ToDoubles(converted, Name);
        if (IsFloat)
        {
            AddElements(a, b);
        }
        else
        {
            AddIntegers(a, b, original.Bytes, converted.Bytes);
        }

        if (!_classesDecided && a.Length > 0)
        {
            _classesDecided = true;
            _classes = ClassAxis.IsClasses(Name, original.ElementType, original.Shape, a)
                ? new ClassStatistics()
                : null;
        }

        _classes?.Add(a, b, ClassAxis.CountOf(original.Shape));
    }

    private void AddElements(double[] a, double[] b)
    {
        Elements += a.Length;
        for (int i = 0; i < a.Length; i++)
        {
            (double x, double y) = (a[i], b[i]);
            NonFiniteOriginal += double.IsFinite(x) ? 0 : 1;
            if (double.IsFinite(x) && double.IsFinite(y))
            {
                AddPair(x, y);
            }
            else if (x.Equals(y))
            {
                Equal++;
            }
            else if (double.IsFinite(x))
            {
                Introduced++;
            }
            else
            {
                Vanished++;
            }
        }
    }

    private void AddPair(double x, double y)
    {
        double difference = Math.Abs(x - y);
        Equal += x == y ? 1 : 0;
        _absolute += difference;
        _largest = Math.Max(_largest, difference);
        _error += difference * difference;
        _reference += x * x;
        _converted += y * y;
        _product += x * y;
    }

    // Equality is of the bytes: 64-bit integers are not exact as doubles.
    private void AddIntegers(double[] a, double[] b, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        Elements += a.Length;
        int width = a.Length == 0 ? 1 : x.Length / a.Length;
        for (int i = 0; i < a.Length; i++)
        {
            Equal += x.Slice(i * width, width).SequenceEqual(y.Slice(i * width, width)) ? 1 : 0;
            double difference = Math.Abs(a[i] - b[i]);
            _absolute += difference;
            _largest = Math.Max(_largest, difference);
            _reference += a[i] * a[i];
            _converted += b[i] * b[i];
        }
    }

    private double Measure(double value) => Introduced + Vanished > 0 || IsText ? double.NaN : value;
}
