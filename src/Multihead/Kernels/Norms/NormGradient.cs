namespace Multihead.Kernels.Norms;

/// <summary>What a norm's backward pass reads and writes. RMS norm has neither mean nor bias: those pointers are null.</summary>
internal unsafe struct NormGradient
{
    /// <summary>[rows, width], of what the norm gave.</summary>
    public float* Dy;

    /// <summary>[rows, width], as it went in.</summary>
    public float* X;

    /// <summary>[width].</summary>
    public float* Gain;

    /// <summary>[rows], or null: zero.</summary>
    public float* Mean;

    /// <summary>[rows].</summary>
    public float* InverseDeviation;

    /// <summary>[rows, width]; may be <see cref="Dy"/> or <see cref="X"/>.</summary>
    public float* Dx;

    /// <summary>Whether <see cref="Dx"/> is added to.</summary>
    public bool AccumulateX;

    /// <summary>[width].</summary>
    public float* Dgain;

    /// <summary>[width], or null.</summary>
    public float* Dbias;

    /// <summary>Whether <see cref="Dgain"/> and <see cref="Dbias"/> are added to.</summary>
    public bool AccumulateGain;

    public int Rows;

    /// <summary>Elements in a row.</summary>
    public int Width;
}
