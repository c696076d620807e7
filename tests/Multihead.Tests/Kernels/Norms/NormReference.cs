namespace Multihead.Tests.Kernels.Norms;

/// <summary>One row normalised, by layer norm (centred) or RMS norm, in plain loops over doubles.</summary>
internal sealed class NormReference
{
    private readonly bool _centred;

    public NormReference(ReadOnlySpan<float> x, bool centred, double epsilon)
    {
        _centred = centred;
        var width = x.Length;
        if (centred)
            foreach (var value in x) Mean += value / (double)width;
        var variance = 0.0;
        foreach (var value in x) variance += (value - Mean) * (value - Mean) / width;
        InverseDeviation = 1 / Math.Sqrt(variance + epsilon);
        Normalised = new double[width];
        for (var i = 0; i < width; i++) Normalised[i] = (x[i] - Mean) * InverseDeviation;
    }

    public double Mean { get; }
    public double InverseDeviation { get; }
    public double[] Normalised { get; }

    /// <summary>By the chain rule through mean and deviation: the Jacobian written out, times the gradient.</summary>
    public double[] Gradient(ReadOnlySpan<float> dy, ReadOnlySpan<float> gain)
    {
        var width = dy.Length;
        var dx = new double[width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < width; j++)
            {
                var jacobian = (i == j ? 1.0 : 0.0) - (_centred ? 1.0 / width : 0) - Normalised[i] * Normalised[j] / width;
                dx[i] += (double)dy[j] * gain[j] * jacobian * InverseDeviation;
            }
        }
        return dx;
    }
}
