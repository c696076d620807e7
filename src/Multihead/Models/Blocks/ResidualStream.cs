using Multihead.Models.Norms;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Blocks;

/// <summary>What runs past the sublayers of a stack and gathers what they add. The last addition waits, so that the norm that
/// reads the sum next makes it in its own pass over memory. [tokens, dim].</summary>
internal struct ResidualStream(Tensor x)
{
    private Tensor _x = x;
    private Tensor _addition;
    private float _dropout;
    private bool _waits;

    /// <summary>Adds dropout(<paramref name="y"/>).</summary>
    public void Add(Workspace w, Tensor y, float dropout)
    {
        _x = Value(w);
        (_addition, _dropout, _waits) = (y, dropout, true);
    }

    /// <summary>What the stream has come to.</summary>
    public Tensor Value(Workspace w)
    {
        if (_waits) _x = AddResidual.Apply(w, _x, _addition, _dropout);
        _waits = false;
        return _x;
    }

    /// <summary>The norm of what the stream has come to.</summary>
    public Tensor Normalised(Workspace w, Norm norm)
    {
        if (!_waits) return norm.Apply(w, _x);
        _waits = false;
        return norm.ApplyToSum(w, _x, _addition, _dropout, out _x);
    }

    /// <summary>What leaves a stack: normalised where the stack ends in a norm.</summary>
    public Tensor Finish(Workspace w, Norm? norm) => norm is null ? Value(w) : Normalised(w, norm);
}
