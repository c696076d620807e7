using System.Text;
using Multihead.Kernels.Threading;
using Multihead.Models.Configuration;
using Multihead.Training;

namespace Multihead.Tests.Training;

/// <summary>A run's folder in bad times: torn writes, damaged states, places that cannot be written.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly ThreadTeam _team = new(1);
    private readonly RunFolder _run;

    public RunFolderTests()
    {
        _run = new RunFolder(_folder.FullPath);
        Assert.False(TrainingScene.Small.Advance(_run, _team, stop: 13));
    }

    public void Dispose()
    {
        _team.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void ResumingRemovesTornWritesAndNothingElse()
    {
        string[] torn = [_run.Weights + ".12-3.tmp", _run.State + ".99999-41.tmp"];
        string[] others = [_folder["notes.tmp"], Path.Combine(_run.Training, "my-1-2.tmp"), _folder["1-2.tmp.txt"]];
        foreach (var path in torn.Concat(others)) File.WriteAllText(path, "x");
        Assert.True(TrainingScene.Small.Advance(_run, _team, int.MaxValue));
        Assert.All(torn, path => Assert.False(File.Exists(path), path));
        Assert.All(others, path => Assert.True(File.Exists(path), path));
    }

    [Fact]
    public void SnapshotsFromAfterTheStateAreNotAveraged()
    {
        File.Copy(_run.Snapshot(12), _run.Snapshot(18));
        Assert.Equal([6, 12, 18], _run.Snapshots().Select(snapshot => snapshot.Step));
        TrainingScene.Small.With(_run, _team, _ => true);
        Assert.Equal([6, 12], _run.Snapshots().Select(snapshot => snapshot.Step));
    }

    [Fact]
    public void OtherFilesAreNoSnapshots()
    {
        foreach (var name in new[] { "snapshot-x.safetensors", "snapshot--1.safetensors", "snapshot-12.txt" })
            File.WriteAllText(Path.Combine(_run.Training, name), "x");
        Assert.Equal([6, 12], _run.Snapshots().Select(snapshot => snapshot.Step));
    }

    [Theory]
    [InlineData("\"step\":\"13\"", "\"step\":\"-3\"", "'-3' steps are done")]
    [InlineData("\"step\":\"13\"", "\"step\":\"1.5\"", "'1.5' steps are done")]
    [InlineData("\"step\":\"13\"", "\"step\":\"9e99\"", "'9e99' steps are done")]
    [InlineData("\"step\":\"13\"", "\"step\":\"x\"", "no number 'step'")]
    [InlineData("\"bestValidationLoss\"", "\"bestvalidationLoss\"", "no number 'bestValidationLoss'")]
    [InlineData("\"formatVersion\":\"1\"", "\"formatVersion\":\"2\"", "formatVersion 2, newer than 1")]
    [InlineData("adam.first", "adam.third", "adam.first")]
    [InlineData("\"dtype\":\"F32\"", "\"dtype\":\"F99\"", "F99")]
    [InlineData("model.shared", "model.sharing", "model.shared")]
    public void ATamperedStateIsRefusedAndStays(string old, string replacement, string words)
    {
        var bytes = File.ReadAllBytes(_run.State);
        var headerEnd = 8 + (int)BitConverter.ToInt64(bytes);
        var header = Encoding.Latin1.GetString(bytes[8..headerEnd]);
        var at = header.IndexOf(old, StringComparison.Ordinal);
        header = header[..at] + replacement + header[(at + old.Length)..];
        var length = BitConverter.GetBytes((long)header.Length);
        AssertRefused([.. length, .. Encoding.Latin1.GetBytes(header), .. bytes[headerEnd..]], words);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(300)]
    [InlineData(-1)]
    public void ACutStateIsRefusedAndStays(int length)
    {
        var bytes = File.ReadAllBytes(_run.State);
        AssertRefused(length < 0 ? bytes[..^1] : bytes[..length], "");
    }

    [Fact]
    public void AnotherModelsStateIsRefusedAndStays()
    {
        var before = File.ReadAllBytes(_run.State);
        ModelConfig[] others = [TinyModel.Config(dim: 32), TinyModel.Config(dim: 16, layers: 2), TinyModel.Config(13, dim: 16)];
        foreach (var config in others)
        {
            var other = TrainingScene.Small with { Config = config };
            var message = Assert.Throws<MultiheadException>(() => other.With(_run, _team, _ => true)).Message;
            Assert.Contains(_run.State, message, StringComparison.Ordinal);
        }
        Assert.Equal(before, File.ReadAllBytes(_run.State));
    }

    [Fact]
    public void AFolderBelowAFileIsRefusedWithASentence()
    {
        File.WriteAllText(_folder["file"], "x");
        var below = new RunFolder(_folder["file/run"]);
        var message = Assert.Throws<MultiheadException>(() => TrainingScene.Small.Advance(below, _team, int.MaxValue)).Message;
        Assert.Contains(below.Root, message, StringComparison.Ordinal);
        Assert.Equal("x", File.ReadAllText(_folder["file"]));
    }

    // The state's name is taken by a folder with something in it, so that every save fails at its last move, as on a full disk.
    [Fact]
    public void WhatCannotBeSavedLeavesTheEarlierFiles()
    {
        var (weights, log) = (File.ReadAllBytes(_run.Weights), File.ReadAllText(_run.LossLog));
        var message = TrainingScene.Small.With(_run, _team, trainer =>
        {
            File.Delete(_run.State);
            Directory.CreateDirectory(Path.Combine(_run.State, "in the way"));
            return Assert.Throws<MultiheadException>(() => trainer.Run(null, CancellationToken.None)).Message;
        });
        Assert.Contains($"Cannot write '{_run.State}'", message, StringComparison.Ordinal);
        Assert.StartsWith(log, File.ReadAllText(_run.LossLog), StringComparison.Ordinal);
        Assert.Equal([6, 12, 18], _run.Snapshots().Select(snapshot => snapshot.Step));
        Assert.Empty(Directory.GetFiles(_run.Training, "*.tmp"));
        Assert.Equal(weights.Length, File.ReadAllBytes(_run.Weights).Length);
    }

    // As a disk that is full in the middle of a file.
    [Fact]
    public void AWriteThatFailsHalfWayLeavesTheOldFileAndNoOther()
    {
        var before = File.ReadAllBytes(_run.State);
        var names = Directory.GetFiles(_run.Training);
        var message = Assert.Throws<MultiheadException>(() => AtomicFile.Write(_run.State, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        })).Message;
        Assert.Contains("No space left on device", message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_run.State));
        Assert.Equal(names, Directory.GetFiles(_run.Training));
    }

    private void AssertRefused(byte[] state, string words)
    {
        File.WriteAllBytes(_run.State, state);
        var message = Assert.Throws<MultiheadException>(() => TrainingScene.Small.Advance(_run, _team, int.MaxValue)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Contains(_run.State, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(state, File.ReadAllBytes(_run.State));
    }
}
