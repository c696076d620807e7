using System.Globalization;
using System.Text;

namespace Multihead.Training.Reports;

/// <summary>One pair of axes of an SVG picture and the curves between them. The style sheet of the picture gives the classes
/// (<c>grid axis tick label line dot</c> and a colour's name) their looks.</summary>
internal sealed class SvgPanel(StringBuilder svg, AxisScale across, AxisScale upward, PanelFrame frame)
{
    /// <summary>Draws the grid, the ticks' values and the title; the values across only where the panel is the lowest.</summary>
    public void Axes(string title, bool labelAcross)
    {
        foreach (var tick in upward.Ticks)
        {
            var y = upward.Place(tick);
            Stroke("grid", frame.Left, y, frame.Right, y);
            Text("tick", "end", frame.Left - 8, y + 4, upward.Label(tick));
        }
        foreach (var tick in across.Ticks)
        {
            var x = across.Place(tick);
            Stroke("grid", x, frame.Top, x, frame.Bottom);
            if (labelAcross) Text("tick", "middle", x, frame.Bottom + 20, across.Label(tick));
        }
        Stroke("axis", frame.Left, frame.Bottom, frame.Right, frame.Bottom);
        Text("label", "start", frame.Left, frame.Top - 12, title);
    }

    /// <summary>Draws points as one line; a single point as a dot of the line's width.</summary>
    public void Line(string classes, IReadOnlyList<CurvePoint> points)
    {
        if (points.Count == 0) return;
        svg.Append("<path class=\"line ").Append(classes).Append("\" d=\"");
        for (var i = 0; i < points.Count; i++)
            Add($"{(i == 0 ? 'M' : 'L')}{across.Place(points[i].Step):F1} {upward.Place(points[i].Value):F1}");
        svg.Append(points.Count == 1 ? "h0\"/>\n" : "\"/>\n");
    }

    /// <summary>Draws each point as a dot.</summary>
    public void Dots(string classes, IReadOnlyList<CurvePoint> points)
    {
        foreach (var (step, value) in points)
            Add($"<circle class=\"dot {classes}\" cx=\"{across.Place(step):F1}\" cy=\"{upward.Place(value):F1}\" r=\"3.5\"/>\n");
    }

    private void Stroke(string classes, double x1, double y1, double x2, double y2) =>
        Add($"<line class=\"{classes}\" x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\"/>\n");

    private void Text(string classes, string anchor, double x, double y, string text) =>
        Add($"<text class=\"{classes}\" text-anchor=\"{anchor}\" x=\"{x:F1}\" y=\"{y:F1}\">{text}</text>\n");

    private void Add(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Where a panel stands in the picture, in its units, y downward.</summary>
internal readonly record struct PanelFrame(double Left, double Top, double Right, double Bottom);
