using System.Text;
using Multihead.Training.Reports;

namespace Multihead.Tests.Training.Reports;

public sealed class LossLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("multihead-losslog-").FullName;

    private string Csv => Path.Combine(folder, "run", "loss.csv");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void WritesRowsAsTheyRead()
    {
        using (var log = LossLog.Open(Csv, 0))
        {
            log.Append(new LossRow(1, 1e-7f, 9.5f, 3.25f, 812, null));
            log.Append(new LossRow(2, 0.1f, float.NaN, float.PositiveInfinity, 1600, 8.0078125f));
        }
        Assert.Equal("step,learningRate,loss,gradientNorm,tokens,validationLoss\n"
            + "1,1E-07,9.5,3.25,812,\n"
            + "2,0.1,NaN,Infinity,1600,8.0078125\n", File.ReadAllText(Csv));
        Assert.Equal(
            [new(1, 1e-7f, 9.5f, 3.25f, 812, null), new(2, 0.1f, float.NaN, float.PositiveInfinity, 1600, 8.0078125f)],
            LossLog.Read(Csv));
    }

    [Fact]
    public void EveryFloatReadsBackAsTheSameBits()
    {
        var rows = Rows(1, 5000, anyBits: true);
        using (var log = LossLog.Open(Csv, 0))
            foreach (var row in rows) log.Append(row);
        Assert.Equal(rows, LossLog.Read(Csv)); // records compare floats with Equals: NaN is NaN
        Assert.True(File.ReadLines(Csv).Max(line => line.Length) < LossRow.MaximumBytes);
    }

    [Fact]
    public void TheLongestRowFits()
    {
        var row = new LossRow(long.MaxValue, -1.17549435E-38f, -1.17549435E-38f, -1.17549435E-38f, long.MaxValue, -1.17549435E-38f);
        Assert.InRange(row.Format(new byte[LossRow.MaximumBytes]), 90, LossRow.MaximumBytes);
    }

    [Fact]
    public void KilledAnywhereAndResumedLeavesTheBytesOfARunNeverStopped()
    {
        var rows = Rows(1, 3000); // more than the buffer holds, so that some rows reach the disk before they are flushed
        using (var log = LossLog.Open(Csv, 0))
            foreach (var row in rows) log.Append(row);
        var whole = File.ReadAllBytes(Csv);

        var random = new Random(1);
        for (var round = 0; round < 30; round++)
        {
            var checkpoint = random.Next(0, 3000);
            var flushed = Bytes(rows[..checkpoint]);
            var cut = random.Next(checkpoint == 0 ? 0 : flushed.Length, whole.Length + 1); // what the killed run left
            File.WriteAllBytes(Csv, whole[..cut]);
            using (var log = LossLog.Open(Csv, checkpoint))
                foreach (var row in rows[checkpoint..]) log.Append(row);
            Assert.Equal(whole, File.ReadAllBytes(Csv));
        }
    }

    [Fact]
    public void FlushedRowsAreInTheFileOthersWait()
    {
        using var log = LossLog.Open(Csv, 0);
        log.Append(new LossRow(1, 1, 2, 3, 4, null));
        log.Flush();
        log.Append(new LossRow(2, 1, 2, 3, 8, null));
        Assert.Equal(1, Assert.Single(LossLog.Read(Csv)).Step);
        log.Dispose();
        Assert.Equal(2, LossLog.Read(Csv).Count);
    }

    [Fact]
    public void AppendingAllocatesNothing()
    {
        using var log = LossLog.Open(Csv, 0);
        var rows = Rows(1, 5_000); // a quarter of a MB, so that writing is measured too
        // Code that is not yet optimised boxes numbers, and on a busy machine optimising takes a while to come.
        for (var round = 1; ; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var row in rows) log.Append(row);
            log.Flush();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated == 0) return;
            Assert.True(round < 50, $"{allocated} bytes were allocated in round {round}");
            Thread.Sleep(100);
        }
    }

    [Theory]
    [InlineData("step,loss\n", "line 1: expected the header")]
    [InlineData(LossRow.Header + "\n1,2,3,4,5,\n2,x,3,4,5,\n", "line 3: expected six fields")]
    [InlineData(LossRow.Header + "\n1,2,3,4,5\n", "line 2: expected six fields")]
    [InlineData(LossRow.Header + "\n1,2,3,4,5,,\n", "line 2: expected six fields")]
    [InlineData(LossRow.Header + "\n1,2,3\u00e9,4,5,\n", "line 2: expected six fields")]
    [InlineData(LossRow.Header + "\n2,2,3,4,5,\n2,2,3,4,5,\n", "line 3: step 2 comes after step 2")]
    public void WhatIsNoLossLogIsRefusedAndLeftAlone(string text, string words)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Csv)!);
        File.WriteAllText(Csv, text);
        var message = Assert.Throws<MultiheadException>(() => LossLog.Open(Csv, 5)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Contains(Csv, message, StringComparison.Ordinal);
        Assert.Throws<MultiheadException>(() => LossLog.Read(Csv));
        Assert.Equal(text, File.ReadAllText(Csv));
    }

    [Fact]
    public void AnEndlessLineIsRefused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Csv)!);
        File.WriteAllText(Csv, LossRow.Header + "\n" + new string('7', 1 << 17));
        Assert.Contains("line 2: it is longer", Assert.Throws<MultiheadException>(() => LossLog.Read(Csv)).Message);
    }

    [Fact]
    public void AMissingFileAndAnUnusableFolderAreNamed()
    {
        Assert.Contains(Csv, Assert.Throws<MultiheadException>(() => LossLog.Read(Csv)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.GetDirectoryName(Csv)!, "a file where the folder should be");
        Assert.Contains(Csv, Assert.Throws<MultiheadException>(() => LossLog.Open(Csv, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBytesAreTheSameUnderACommaCulture()
    {
        var rows = Rows(1, 50, anyBits: true);
        var bytes = Bytes(rows);
        Assert.Equal(bytes, CommaCulture.Run(() => Bytes(rows)));
        Directory.CreateDirectory(Path.GetDirectoryName(Csv)!);
        File.WriteAllBytes(Csv, bytes);
        Assert.Equal(rows, CommaCulture.Run(() => LossLog.Read(Csv).ToArray()));
    }

    private static byte[] Bytes(LossRow[] rows)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes(LossRow.Header + "\n"));
        var line = new byte[LossRow.MaximumBytes];
        foreach (var row in rows) bytes.Write(line, 0, row.Format(line));
        return bytes.ToArray();
    }

    private static LossRow[] Rows(int seed, int count, bool anyBits = false)
    {
        var random = new Random(seed);
        float Next() => anyBits
            ? BitConverter.Int32BitsToSingle((int)random.NextInt64(int.MinValue, int.MaxValue))
            : random.NextSingle();
        return [.. Enumerable.Range(1, count).Select(step =>
            new LossRow(step, Next(), Next(), Next(), step * 1000L, step % 10 == 0 ? Next() : null))];
    }
}
