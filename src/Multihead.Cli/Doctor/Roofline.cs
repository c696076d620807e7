namespace Multihead.Cli.Doctor;

/// <summary>Work that was timed, and the ceiling over it: what the processor multiplies, or what the memory brings. Williams,
/// Waterman and Patterson, 2009, https://doi.org/10.1145/1498765.1498785.</summary>
/// <param name="Operations">Floating-point operations of the work.</param>
/// <param name="Bytes">That it must move.</param>
/// <param name="Seconds">That it took.</param>
/// <param name="Peak">Operations a second of which the processor is capable in the work's format.</param>
/// <param name="Read">Bytes a second that memory gives.</param>
internal sealed record Roofline(double Operations, double Bytes, double Seconds, double Peak, double Read)
{
    /// <summary>Operations a second reached.</summary>
    public double Speed => Operations / Seconds;

    /// <summary>The most operations a second that the work could reach.</summary>
    public double Ceiling => Math.Min(Peak, ByMemory);

    /// <summary>What part of the ceiling was reached.</summary>
    public double Share => Speed / Ceiling;

    /// <summary>Which ceiling is the lower one.</summary>
    public string Binds => Peak <= ByMemory ? "arithmetic" : "memory";

    private double ByMemory => Operations / Bytes * Read;
}
