using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Multihead.Text.Corpora.Keys;

namespace Multihead.Text.Corpora;

/// <summary>A corpus in three parts that share no message: what is learned from, what is watched while learning, and what is
/// measured at the end.</summary>
/// <remarks>
/// Every side of a row has a key: its words with placeholders, numbers, quoted words, case and punctuation folded away. Rows
/// whose source keys or whose target keys are equal belong together, and so does whatever is linked through others; such a
/// group never falls apart. The SHA-256 of the ordinally smallest key in a group says which part it goes to, so that the part
/// depends neither on the order of rows nor on other groups, and is the same in both directions of translation.
/// Of a group in the validation or test part one row is kept, the ordinally smallest, so that no two rows there are alike. A
/// group of more than 8 rows goes to training.
/// </remarks>
/// <param name="Train">What is learned from, in the order of the corpus.</param>
/// <param name="Valid">What is watched while learning, in the order of the corpus; no two rows share a key.</param>
/// <param name="Test">What is measured at the end, in the order of the corpus; no two rows share a key.</param>
/// <param name="Dropped">What is in none of them and why, in a fixed order.</param>
public sealed record CorpusSplit(IReadOnlyList<SentencePair> Train, IReadOnlyList<SentencePair> Valid,
    IReadOnlyList<SentencePair> Test, IReadOnlyList<RowCount> Dropped)
{
    /// <summary>The rows of the largest group that may be tested on: of a larger one too many would be lost to training.</summary>
    private const int LargestHeldOutGroup = 8;

    private enum Part { Train, Valid, Test }

    /// <summary>Splits a corpus.</summary>
    /// <param name="rows">The rows, in any order.</param>
    /// <param name="validFraction">The share of groups for validation, 0 or more.</param>
    /// <param name="testFraction">The share of groups for the test, 0 or more; with the other one, less than 1.</param>
    /// <exception cref="MultiheadException">The fractions are out of range.</exception>
    public static CorpusSplit Of(IReadOnlyList<SentencePair> rows, double validFraction = 0.03, double testFraction = 0.05)
    {
        if (!(validFraction >= 0 && testFraction >= 0 && validFraction + testFraction < 1))
            throw new MultiheadException("The fractions of validation and test rows must be 0 or more, and together less than 1.");
        var different = rows.Where(row => row.Source != row.Target).ToList();
        var keyed = different.ConvertAll(KeyedRow.Of).FindAll(row => row.SourceKey.Length > 0 && row.TargetKey.Length > 0);
        var groups = KeyGroups.Of(keyed);

        var parts = new List<SentencePair>[] { [], [], [] };
        var alike = 0;
        for (var index = 0; index < keyed.Count; index++)
        {
            var group = groups.Of(index);
            var part = group.RowCount > LargestHeldOutGroup ? Part.Train : PartOf(group.SmallestKey, validFraction, testFraction);
            if (part == Part.Train || group.SmallestRow == index) parts[(int)part].Add(keyed[index].Row);
            else alike++;
        }
        return new(parts[(int)Part.Train], parts[(int)Part.Valid], parts[(int)Part.Test],
        [
            new("source equals target", rows.Count - different.Count),
            new("no words besides numbers and placeholders", different.Count - keyed.Count),
            new("like another validation or test row", alike),
        ]);
    }

    private static Part PartOf(string key, double validFraction, double testFraction)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        var place = BinaryPrimitives.ReadUInt64BigEndian(hash) / 18446744073709551616.0; // 2^64: 0 to 1
        return place < testFraction ? Part.Test : place < testFraction + validFraction ? Part.Valid : Part.Train;
    }
}
