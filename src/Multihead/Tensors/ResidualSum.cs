using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Reductions;

namespace Multihead.Tensors;

/// <summary>sum = residual + dropout(x): what the operations share that end a sublayer. [tokens, dim] each.</summary>
internal unsafe struct ResidualSum
{
    public Tensor Residual, X, Sum;
    public float Rate;
    public DropoutKey Key;

    /// <summary>Begins a sum, which will take the memory of x: nobody else reads what a sublayer gave. When dropout is on, takes
    /// the next mask; nothing is computed yet.</summary>
    public static ResidualSum Begin(Workspace w, Tensor residual, Tensor x, float dropoutRate)
    {
        var rate = w.DropsOut ? dropoutRate : 0;
        return new ResidualSum
        {
            Residual = residual,
            X = x,
            Sum = w.Replace(x),
            Rate = rate,
            Key = rate > 0 ? w.NextDropoutKey() : default,
        };
    }

    /// <summary>From x and residual to the sum.</summary>
    public readonly Dropout.Elements Forward => new(X.Data, Residual.Data, Sum.Data, Rate, Key);

    /// <summary>Sends the gradient of the sum back.</summary>
    public readonly void Backward(Workspace w)
    {
        if (!Sum.HasGradient) return;
        Dropout.Run(w.Team, OpenBackward(w), Sum.Count);
        PassOn(w);
    }

    /// <summary>From the gradient of the sum to that of x.</summary>
    public readonly Dropout.Elements OpenBackward(Workspace w)
    {
        var dx = w.OpenGradient(X, out var accumulate);
        return new Dropout.Elements(Sum.Gradient->Data, accumulate ? dx : null, dx, Rate, Key);
    }

    /// <summary>Hands the gradient of the sum, which nothing reads any more, on to the residual.</summary>
    public readonly void PassOn(Workspace w)
    {
        // The residual stream takes the memory over instead of copying it.
        if (Residual.Gradient->Data == null)
        {
            (*Residual.Gradient, *Sum.Gradient) = (*Sum.Gradient, default);
            return;
        }
        float* dsum = Sum.Gradient->Data, dresidual = w.OpenGradient(Residual, out var accumulate);
        if (accumulate) VectorAdd.Accumulate(w.Team, dsum, dresidual, Sum.Count);
        else VectorFill.Copy(w.Team, dsum, dresidual, Sum.Count);
    }
}
