using System.Globalization;
using System.Text;

namespace Multihead.Training.Reports;

/// <summary>Draws a training run as one SVG that needs nothing beside it and suits light and dark pages: the training loss
/// (raw and smoothed) and the validation loss above, the learning rate below. Same rows, same bytes.</summary>
internal static class CurvesPicture
{
    private const int Width = 960, Height = 600, MostPoints = 1000, MostDots = 150;
    private static readonly PanelFrame Losses = new(72, 76, 936, 408), Rates = new(72, 464, 936, 544);

    private const string Style = """
        <style>
        text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",Helvetica,Arial,sans-serif;font-size:13px}
        .page{fill:#fff}
        .title{font-size:17px;font-weight:600;fill:#1f2328}
        .label{font-weight:600;fill:#1f2328}
        .tick,.legend{fill:#59636e}
        .grid{stroke:#e4e8ec}
        .axis{stroke:#8c959f}
        .line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
        .raw{stroke:#0969da;stroke-width:1;stroke-opacity:.35}
        .train{stroke:#0969da}
        .valid{stroke:#d4570a;stroke-width:1.4}
        .dot.valid{fill:#d4570a;stroke:#fff;stroke-width:1}
        .rate{stroke:#8250df;stroke-width:1.8}
        @media (prefers-color-scheme:dark){
        .page{fill:#0d1117}
        .title,.label{fill:#e6edf3}
        .tick,.legend{fill:#9198a1}
        .grid{stroke:#262c36}
        .axis{stroke:#656c76}
        .raw,.train{stroke:#4493f8}
        .raw{stroke-opacity:.5}
        .valid{stroke:#f0883e}
        .dot.valid{fill:#f0883e;stroke:#0d1117}
        .rate{stroke:#ab7df8}
        }
        </style>

        """;

    /// <summary>Replaces the file by a picture of the rows; without rows, of empty axes.</summary>
    /// <exception cref="MultiheadException">The file cannot be written.</exception>
    public static void Write(string svgPath, IReadOnlyList<LossRow> rows) => AtomicFile.WriteText(svgPath, Draw(rows));

    /// <summary>The picture's text. Values that are not finite are not drawn.</summary>
    public static string Draw(IReadOnlyList<LossRow> rows)
    {
        var raw = Curve(rows, row => row.Loss);
        var smooth = CurvePoints.Smooth(raw);
        var valid = Curve(rows, row => row.ValidationLoss ?? double.NaN);
        var rate = Curve(rows, row => row.LearningRate);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\">\n");
        svg.Append("<title>Training curves</title>\n").Append(Style);
        svg.Append("<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n");
        svg.Append("<text class=\"title\" x=\"72\" y=\"34\">Training curves</text>\n");

        var across = new AxisScale(0, rows.Count == 0 ? 1 : rows[^1].Step, 8, Losses.Left, Losses.Right, isTight: true);
        var (low, high) = Range(raw, smooth, valid);
        var losses = new SvgPanel(svg, across, new AxisScale(low, high, 6, Losses.Bottom, Losses.Top), Losses);
        losses.Axes("Loss", labelAcross: false);
        losses.Line("raw", CurvePoints.Extremes(raw, MostPoints));
        losses.Line("train", CurvePoints.Thin(smooth, MostPoints));
        losses.Line("valid", CurvePoints.Thin(valid, MostDots));
        losses.Dots("valid", CurvePoints.Thin(valid, MostDots));
        Legend(svg, valid);

        var highestRate = rate.Count == 0 ? 1 : rate.Max(point => point.Value);
        var rates = new SvgPanel(svg, across, new AxisScale(0, highestRate, 2, Rates.Bottom, Rates.Top), Rates);
        rates.Axes("Learning rate", labelAcross: true);
        rates.Line("rate", CurvePoints.Thin(rate, MostPoints));
        svg.Append("<text class=\"label\" text-anchor=\"middle\" x=\"504\" y=\"588\">Step</text>\n</svg>\n");
        return svg.ToString();
    }

    private static List<CurvePoint> Curve(IReadOnlyList<LossRow> rows, Func<LossRow, double> valueOf) =>
        [.. rows.Select(row => new CurvePoint(row.Step, valueOf(row))).Where(point => double.IsFinite(point.Value))];

    /// <summary>The losses to show: all of the smoothed and the validation curve, and of the raw one all but the most extreme
    /// hundredth, which is drawn at the edge, so that one spike does not flatten the rest.</summary>
    private static (double Low, double High) Range(List<CurvePoint> raw, CurvePoint[] smooth, List<CurvePoint> valid)
    {
        if (raw.Count + valid.Count == 0) return (0, 1);
        var sorted = raw.Select(point => point.Value).Order().ToArray();
        double[] shown = [.. smooth.Concat(valid).Select(point => point.Value),
            .. sorted[(sorted.Length / 200)..(sorted.Length - sorted.Length / 200)]];
        return (shown.Min(), shown.Max());
    }

    private static void Legend(StringBuilder svg, List<CurvePoint> valid)
    {
        svg.Append("""
            <path class="line raw" d="M536 59h22"/><text class="legend" x="566" y="64">training</text>
            <path class="line train" d="M648 59h22"/><text class="legend" x="678" y="64">training, smoothed</text>
            <path class="line valid" d="M830 59h22"/><circle class="dot valid" cx="841" cy="59" r="3.5"/>
            <text class="legend" x="860" y="64">validation</text>

            """);
        if (valid.Count == 0) return;
        var (step, loss) = valid.MinBy(point => point.Value);
        svg.Append(CultureInfo.InvariantCulture, $"""
            <text class="legend" text-anchor="end" x="936" y="34">lowest validation loss {loss:F4} at step {step:N0}</text>

            """);
    }
}
