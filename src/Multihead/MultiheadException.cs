namespace Multihead;

/// <summary>Something the user gave cannot be used. The message is one sentence for people: what was given, what was
/// expected, and what to do. Programs print it as it is; it never wants a stack trace beside it.</summary>
public sealed class MultiheadException : Exception
{
    /// <summary>Makes the exception from its one sentence.</summary>
    public MultiheadException(string message) : base(message) { }

    /// <summary>Makes the exception from its one sentence and what caused it.</summary>
    public MultiheadException(string message, Exception? inner) : base(message, inner) { }
}
