namespace Multihead.Models.Formats;

/// <summary>Weights in a file of any format, by name. May be read from many threads at once.</summary>
internal unsafe interface IWeightTensors : IDisposable
{
    /// <summary>The names of all tensors.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Whether there is a tensor of that name.</summary>
    bool Contains(string name);

    /// <summary>Reads a whole tensor as 32-bit floats after checking its shape.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="expectedShape">What the model wants, outermost first.</param>
    /// <param name="destination">Room for the product of <paramref name="expectedShape"/>.</param>
    /// <exception cref="MultiheadException">No such tensor, another shape (both told) or type, or an unreadable file.</exception>
    void Read(string name, ReadOnlySpan<long> expectedShape, float* destination);
}
