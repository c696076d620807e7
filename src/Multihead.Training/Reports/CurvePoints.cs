namespace Multihead.Training.Reports;

/// <summary>A point of a curve.</summary>
internal readonly record struct CurvePoint(double Step, double Value);

/// <summary>Makes curves smooth, and few enough points to draw. All values are finite.</summary>
internal static class CurvePoints
{
    /// <summary>The mean of two running means, one from each end, so that it lags behind neither way; each point weighs less
    /// the farther off it lies, and about a fiftieth of the run counts.</summary>
    public static CurvePoint[] Smooth(IReadOnlyList<CurvePoint> points)
    {
        var smooth = new CurvePoint[points.Count];
        var forward = new RunningMean(points.Count / 50.0);
        for (var i = 0; i < smooth.Length; i++) smooth[i] = points[i] with { Value = forward.Add(points[i].Value) };
        var backward = new RunningMean(points.Count / 50.0);
        for (var i = smooth.Length - 1; i >= 0; i--)
            smooth[i] = smooth[i] with { Value = (smooth[i].Value + backward.Add(points[i].Value)) / 2 };
        return smooth;
    }

    /// <summary>An exponential mean over about <paramref name="window"/> values, its start corrected as Adam's averages are
    /// (https://arxiv.org/abs/1412.6980).</summary>
    private struct RunningMean(double window)
    {
        private readonly double keep = 1 - 2 / (Math.Max(1, window) + 1);
        private double sum, weight;

        public double Add(double value)
        {
            sum = keep * sum + (1 - keep) * value;
            weight = keep * weight + (1 - keep);
            return sum / weight;
        }
    }

    /// <summary>Every so many points, the last among them.</summary>
    public static List<CurvePoint> Thin(IReadOnlyList<CurvePoint> points, int most)
    {
        if (points.Count <= most) return [.. points];
        var thin = new List<CurvePoint>(most);
        for (var i = 0L; i < most; i++) thin.Add(points[(int)(i * (points.Count - 1) / (most - 1))]);
        return thin;
    }

    /// <summary>The lowest and the highest point of each of <paramref name="most"/> / 2 stretches, so that no spike is lost.
    /// </summary>
    public static List<CurvePoint> Extremes(IReadOnlyList<CurvePoint> points, int most)
    {
        if (points.Count <= most) return [.. points];
        var extremes = new List<CurvePoint>(most);
        var stretches = most / 2;
        for (var i = 0L; i < stretches; i++)
        {
            var (begin, end) = ((int)(i * points.Count / stretches), (int)((i + 1) * points.Count / stretches));
            var (low, high) = (begin, begin);
            for (var j = begin + 1; j < end; j++)
            {
                if (points[j].Value < points[low].Value) low = j;
                if (points[j].Value > points[high].Value) high = j;
            }
            extremes.Add(points[Math.Min(low, high)]);
            if (low != high) extremes.Add(points[Math.Max(low, high)]);
        }
        return extremes;
    }
}
