namespace Multihead.Benchmarks.Harness;

/// <summary>Who does the work, and in which number format ("fp32" or "bf16") its products take their operands.</summary>
internal sealed record Contestant(string Program, string Precision)
{
    public const string Ours = "ours";
    public const string Libtorch = "libtorch";
    public const string Pytorch = "pytorch";
    public const string OpenBlas = "openblas";

    /// <summary>Program and precision, as <see cref="Parse"/> reads it.</summary>
    public string Name => $"{Program} {Precision}";

    public static Contestant Parse(string name) => name.Split(' ') is [var program, var precision]
        ? new Contestant(program, precision)
        : throw new ArgumentException($"'{name}' is not a program and a precision.", nameof(name));
}

/// <summary>Two contestants that take turns, and how far the results of one may be from the other's.</summary>
/// <param name="Ours">This library.</param>
/// <param name="Theirs">The baseline.</param>
/// <param name="Tolerance">See <see cref="Agreement"/>.</param>
internal sealed record Pairing(Contestant Ours, Contestant Theirs, double Tolerance)
{
    public static Pairing Of(string ours, string program, string theirs, double tolerance) =>
        new(new Contestant(Contestant.Ours, ours), new Contestant(program, theirs), tolerance);
}
