using System.Globalization;

namespace Multihead.Text.Corpora.Sdk;

/// <summary>The order of the version names of SDK folders: number by number, and a preview before its release
/// ("10.0.99" before "10.0.100-preview.2", before "10.0.100-rc.1", before "10.0.100").</summary>
internal sealed class SdkVersionOrder : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static SdkVersionOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var (release, label) = Parts(x!);
        var (otherRelease, otherLabel) = Parts(y!);
        var order = CompareParts(release, otherRelease);
        if (order != 0) return order;
        if (label.Length == 0 || otherLabel.Length == 0) return otherLabel.Length.CompareTo(label.Length);
        order = CompareParts(label, otherLabel);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    private static (string[] Release, string[] Label) Parts(string name)
    {
        var halves = name.Split('-', 2);
        return (halves[0].Split('.'), halves.Length == 1 ? [] : halves[1].Split('.'));
    }

    private static int CompareParts(string[] parts, string[] others)
    {
        foreach (var (part, other) in parts.Zip(others))
        {
            var areNumbers = long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                & long.TryParse(other, NumberStyles.None, CultureInfo.InvariantCulture, out var otherNumber);
            var order = areNumbers ? number.CompareTo(otherNumber) : string.CompareOrdinal(part, other);
            if (order != 0) return order;
        }
        return parts.Length.CompareTo(others.Length);
    }
}
