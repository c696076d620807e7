using System.Globalization;

namespace Multihead.Training.Reports;

/// <summary>One axis: a range with round ticks (1, 2 or 5 times a power of ten apart), laid onto a stretch of the picture.
/// </summary>
internal sealed class AxisScale
{
    private readonly double low, high, first, last, step;

    /// <param name="low">The least value shown; the range may begin lower, at a tick.</param>
    /// <param name="high">The greatest; equal values are given some room.</param>
    /// <param name="tickCount">About how many ticks.</param>
    /// <param name="first">Where the range's low end is drawn.</param>
    /// <param name="last">Where its high end is drawn.</param>
    /// <param name="isTight">Whether the range ends at the values given, ticks only inside it.</param>
    public AxisScale(double low, double high, int tickCount, double first, double last, bool isTight = false)
    {
        if (!(high > low)) high = low + Math.Max(Math.Abs(low) * 0.1, 1e-9);
        step = NiceStep((high - low) / tickCount);
        this.low = isTight ? low : Math.Floor(low / step + 1e-9) * step;
        this.high = isTight ? high : Math.Ceiling(high / step - 1e-9) * step;
        (this.first, this.last) = (first, last);
    }

    /// <summary>The values that get a mark, in rising order.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            var begin = (long)Math.Ceiling(low / step - 1e-9);
            for (var i = begin; i * step <= high + step * 1e-9; i++) yield return i * step;
        }
    }

    /// <summary>Where a value is drawn; values outside the range go to its edge.</summary>
    public double Place(double value) => first + (Math.Clamp(value, low, high) - low) / (high - low) * (last - first);

    /// <summary>A tick's label: as many decimals as the step needs, powers of ten for the very small or large.</summary>
    public string Label(double tick)
    {
        var decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(step) + 1e-9));
        if (tick != 0 && (decimals > 5 || step >= 1e7)) return tick.ToString("0.##e0", CultureInfo.InvariantCulture);
        return tick.ToString(step >= 1 ? "N0" : $"F{(tick == 0 ? 0 : decimals)}", CultureInfo.InvariantCulture);
    }

    private static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }
}
