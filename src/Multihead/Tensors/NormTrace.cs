using Multihead.Kernels.Norms;

namespace Multihead.Tensors;

/// <summary>What a norm keeps for its gradients. It went over a tensor, or over a residual sum that was made in the same pass,
/// and so do the gradients.</summary>
internal unsafe struct NormTrace
{
    /// <summary>What was normalised is its sum; that is all there is of it where no sum was made.</summary>
    public ResidualSum Input;

    /// <summary>[tokens, dim], what the norm gave.</summary>
    public Tensor Y;

    /// <summary>[1, dim].</summary>
    public Tensor Gain;

    /// <summary>[1, dim], or nothing.</summary>
    public Tensor Bias;

    /// <summary>[tokens], or null for a norm that doesn't centre.</summary>
    public float* Mean;

    /// <summary>[tokens].</summary>
    public float* InverseDeviation;

    /// <summary>Sends the gradients of what was given back to what went in.</summary>
    public readonly void Backward(Workspace w)
    {
        var summed = Input.X.Data != null;
        if (!Y.HasGradient)
        {
            if (summed) Input.Backward(w);
            return;
        }
        var x = Input.Sum;
        var gradient = new NormGradient
        {
            Dy = Y.Gradient->Data,
            X = x.Data,
            Gain = Gain.Data,
            Mean = Mean,
            InverseDeviation = InverseDeviation,
            Dx = w.OpenGradient(x, out var accumulate),
            AccumulateX = accumulate,
            Dgain = w.OpenGradient(Gain, out var accumulateGain),
            AccumulateGain = accumulateGain,
            Dbias = Bias.Data == null ? null : w.OpenGradient(Bias, out _), // written together with the gain, always
            Rows = x.Rows,
            Width = x.Columns,
        };
        if (summed) RunBoth(w, gradient);
        else Run(w, gradient);
    }

    private readonly void Run(Workspace w, in NormGradient gradient)
    {
        var mark = w.Arena.Mark();
        NormBackward.Run(w.Team, gradient, TakeScratch(w));
        w.Arena.Release(mark);
    }

    private readonly void RunBoth(Workspace w, in NormGradient gradient)
    {
        var dropout = Input.OpenBackward(w);
        var mark = w.Arena.Mark();
        NormBackward.Run(w.Team, gradient, TakeScratch(w), dropout);
        w.Arena.Release(mark);
        Input.PassOn(w);
    }

    private readonly float* TakeScratch(Workspace w) => w.Arena.Take<float>(NormBackward.ScratchFloats(Y.Rows, Y.Columns));
}
