namespace Multihead.Tensors;

/// <summary>Memory for the gradients of a step's tensors. The backward pass needs few of them at a time: what one has done with serves
/// the next, so that they take a fraction of what the activations take, and stay in the caches.</summary>
internal sealed unsafe class GradientPool(Arena arena)
{
    private readonly List<Block> _free = [];

    /// <summary>Room for <paramref name="floats"/>, with any content: the smallest free piece that is not far too large, or a new
    /// one.</summary>
    public void Open(Gradient* gradient, long floats)
    {
        var best = -1;
        for (var i = 0; i < _free.Count; i++)
            if (Fits(_free[i].Floats, floats) && (best < 0 || _free[i].Floats < _free[best].Floats)) best = i;
        if (best < 0)
        {
            gradient->Data = arena.Take<float>(floats);
            gradient->Capacity = floats;
        }
        else
        {
            gradient->Data = _free[best].Data;
            gradient->Capacity = _free[best].Floats;
            _free.RemoveAt(best);
        }
    }

    /// <summary>Gives back the memory of a gradient that nobody will read any more.</summary>
    public void Close(Gradient* gradient)
    {
        if (gradient->Data != null) _free.Add(new Block(gradient->Data, gradient->Capacity));
    }

    /// <summary>Forgets all pieces, because the arena they came from begins anew.</summary>
    public void Clear() => _free.Clear();

    private static bool Fits(long room, long floats) => room >= floats && room / 2 <= floats;

    private readonly struct Block(float* data, long floats)
    {
        public readonly float* Data = data;
        public readonly long Floats = floats;
    }
}
