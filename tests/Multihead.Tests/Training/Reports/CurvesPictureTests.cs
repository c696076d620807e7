using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Multihead.Training.Reports;

namespace Multihead.Tests.Training.Reports;

public class CurvesPictureTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(37), InlineData(20_000)]
    public void IsWellFormedAndInsideItsViewBox(int count)
    {
        var points = 0;
        foreach (var (name, attributes) in Elements(CurvesPicture.Draw(Rows(count))))
        {
            foreach (var (key, value) in attributes)
            {
                if (key is "x" or "x1" or "x2" or "cx") Assert.InRange(Number(value), 0, 960);
                if (key is "y" or "y1" or "y2" or "cy") Assert.InRange(Number(value), 0, 600);
            }
            if (name != "path" || !attributes["d"].Contains('.')) continue; // the legend's strokes have no decimals
            foreach (Match point in Regex.Matches(attributes["d"], @"[ML](\S+) ([\d.]+)"))
            {
                Assert.InRange(Number(point.Groups[1].Value), 72, 936);
                Assert.InRange(Number(point.Groups[2].Value), 76, 544);
                points++;
            }
        }
        Assert.InRange(points, count == 0 ? 0 : 3 * Math.Min(count, 1000), 3 * 1000 + 150); // raw, smoothed, rate; validation
    }

    [Fact]
    public void WhatIsNotFiniteIsLeftOutAndASpikeDoesNotFlattenTheRest()
    {
        var rows = Rows(1000);
        rows[500] = rows[500] with { Loss = float.NaN, LearningRate = float.NegativeInfinity };
        rows[600] = rows[600] with { Loss = 20 };
        var svg = CurvesPicture.Draw(rows);
        Assert.DoesNotContain("NaN", svg);
        Assert.DoesNotContain("\u221e", svg);
        Assert.DoesNotContain(">20</text>", svg);
    }

    [Fact]
    public void IsTheSameUnderACommaCultureAndEachTime()
    {
        var svg = CurvesPicture.Draw(Rows(500));
        Assert.Equal(svg, CommaCulture.Run(() => CurvesPicture.Draw(Rows(500))));
        Assert.Contains(">lowest validation loss ", svg);
    }

    [Fact]
    public void ReplacesTheFile()
    {
        var folder = Directory.CreateTempSubdirectory("multihead-curves-").FullName;
        try
        {
            var path = Path.Combine(folder, "curves.svg");
            File.WriteAllText(path, "old");
            CurvesPicture.Write(path, Rows(10));
            Assert.Equal(CurvesPicture.Draw(Rows(10)), File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0, 9.3, 6, "0 2 4 6 8 10")]
    [InlineData(1.91, 2.07, 5, "1.90 1.95 2.00 2.05 2.10")]
    [InlineData(0, 0.0012, 2, "0 0.001 0.002")]
    [InlineData(0, 1.3e-7, 2, "0 1e-7 2e-7")]
    [InlineData(0, 3e38, 3, "0 1e38 2e38 3e38")]
    [InlineData(0, 12_000, 4, "0 5,000 10,000 15,000")]
    [InlineData(-0.4, 0.4, 4, "-0.4 -0.2 0 0.2 0.4")]
    [InlineData(3, 3, 3, "3.0 3.1 3.2 3.3")]
    public void TicksAreRound(double low, double high, int count, string labels)
    {
        var scale = new AxisScale(low, high, count, 100, 0);
        Assert.Equal(labels, string.Join(' ', scale.Ticks.Select(scale.Label)));
        Assert.Equal((100, 0), (scale.Place(scale.Ticks.First()), scale.Place(scale.Ticks.Last())));
    }

    [Fact]
    public void ThinningKeepsSpikesAndEnds()
    {
        CurvePoint[] points = [.. Enumerable.Range(0, 12_345).Select(i => new CurvePoint(i, i == 7777 ? 99 : Math.Sin(i)))];
        var extremes = CurvePoints.Extremes(points, 1000);
        Assert.InRange(extremes.Count, 500, 1000);
        Assert.Contains(new CurvePoint(7777, 99), extremes);
        Assert.Equal(extremes.OrderBy(point => point.Step), extremes);
        var thin = CurvePoints.Thin(points, 1000);
        Assert.Equal((1000, points[0], points[^1]), (thin.Count, thin[0], thin[^1]));
    }

    [Fact]
    public void SmoothingKeepsConstantsAndSlopesAndHalvesNoise()
    {
        Assert.All(CurvePoints.Smooth([.. Enumerable.Range(0, 900).Select(i => new CurvePoint(i, 2.5))]),
            point => Assert.Equal(2.5, point.Value, 1e-12));
        var random = new Random(1);
        CurvePoint[] noise = [.. Enumerable.Range(0, 5000).Select(i => new CurvePoint(i, random.NextDouble()))];
        Assert.All(CurvePoints.Smooth(noise).Skip(500), point => Assert.InRange(point.Value, 0.3, 0.7));
        // a slope stays where it is: away from the ends, the lag of one direction is the lead of the other
        Assert.All(CurvePoints.Smooth([.. Enumerable.Range(0, 3000).Select(i => new CurvePoint(i, i))]).Skip(1000).Take(1000),
            point => Assert.Equal(point.Step, point.Value, 1e-6));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<(string Name, Dictionary<string, string> Attributes)> Elements(string svg)
    {
        using var reader = XmlReader.Create(new StringReader(svg));
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            var attributes = new Dictionary<string, string>();
            for (var i = 0; i < reader.AttributeCount; i++)
            {
                reader.MoveToAttribute(i);
                attributes[reader.Name] = reader.Value;
            }
            reader.MoveToElement();
            yield return (reader.Name, attributes);
        }
    }

    /// <summary>A run as training makes them: warm-up, a falling loss with noise, validation every hundredth row.</summary>
    internal static LossRow[] Rows(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(1, count).Select(i =>
        {
            var step = i * 5L;
            var rate = 1.2e-3 * Math.Min(step / 600.0, Math.Sqrt(600.0 / step));
            var loss = 1.6 + 7.4 * Math.Exp(-step / 700.0) + 0.35 * (random.NextDouble() + random.NextDouble() - 1);
            var valid = 1.75 + 7.2 * Math.Exp(-step / 680.0) + 2e-5 * step;
            return new LossRow(step, (float)rate, (float)loss, 1, step * 900, i % 50 == 0 ? (float)valid : null);
        })];
    }
}
