using System.Globalization;
using System.Text;

namespace Multihead.Training.Reports;

/// <summary>One logged step of a training run, one row of the CSV. It holds nothing that a clock would change, so that a run
/// resumed or repeated writes the same bytes.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="LearningRate">The rate that the step used.</param>
/// <param name="Loss">The training loss, per target token.</param>
/// <param name="GradientNorm">The norm of the gradient before clipping.</param>
/// <param name="Tokens">Source and target tokens of the step, end marks included.</param>
/// <param name="ValidationLoss">The loss on the validation rows, where it was measured at this step.</param>
internal readonly record struct LossRow(
    long Step, float LearningRate, float Loss, float GradientNorm, long Tokens, float? ValidationLoss)
{
    /// <summary>The first line of the CSV.</summary>
    public const string Header = "step,learningRate,loss,gradientNorm,tokens,validationLoss";

    /// <summary>More bytes than any row takes.</summary>
    public const int MaximumBytes = 160;

    /// <summary>Writes the row and its line feed, floats in the fewest digits that read back as the same bits.</summary>
    /// <param name="line">At least <see cref="MaximumBytes"/> long.</param>
    /// <returns>The bytes written.</returns>
    public int Format(Span<byte> line)
    {
        var length = 0;
        Put(line, ref length, Step, (byte)',');
        Put(line, ref length, LearningRate, (byte)',');
        Put(line, ref length, Loss, (byte)',');
        Put(line, ref length, GradientNorm, (byte)',');
        Put(line, ref length, Tokens, (byte)',');
        if (ValidationLoss is { } loss) Put(line, ref length, loss, (byte)'\n');
        else line[length++] = (byte)'\n';
        return length;
    }

    private static void Put<T>(Span<byte> line, ref int length, T value, byte end) where T : IUtf8SpanFormattable
    {
        if (!value.TryFormat(line[length..], out var written, "R", CultureInfo.InvariantCulture))
            throw new ArgumentException("shorter than MaximumBytes", nameof(line));
        length += written;
        line[length++] = end;
    }

    /// <summary>Reads one line without its line feed; false where it is not a row.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LossRow row)
    {
        row = default;
        Span<Range> fields = stackalloc Range[7];
        Span<char> text = stackalloc char[MaximumBytes];
        if (line.Length > MaximumBytes || !Ascii.IsValid(line)) return false;
        text = text[..Encoding.ASCII.GetChars(line, text)];
        if (text.Split(fields, ',') != 6) return false;
        var validationLoss = 0f;
        if (!Integer(text[fields[0]], out var step) || !Number(text[fields[1]], out var learningRate)
            || !Number(text[fields[2]], out var loss) || !Number(text[fields[3]], out var gradientNorm)
            || !Integer(text[fields[4]], out var tokens)
            || !text[fields[5]].IsEmpty && !Number(text[fields[5]], out validationLoss)) return false;
        row = new LossRow(step, learningRate, loss, gradientNorm, tokens, text[fields[5]].IsEmpty ? null : validationLoss);
        return true;
    }

    private static bool Integer(ReadOnlySpan<char> field, out long value) =>
        long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool Number(ReadOnlySpan<char> field, out float value) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
