namespace Multihead.Models.Formats;

/// <summary>What <see cref="StrictJson"/> does with a key that the type does not have.</summary>
internal enum UnknownKeys
{
    /// <summary>In a file of ours: an error that names the nearest known key.</summary>
    Refused,

    /// <summary>In a file of others: passed over.</summary>
    Ignored,
}
