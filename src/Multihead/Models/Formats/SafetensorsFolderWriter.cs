using System.Text.Json;
using System.Text.RegularExpressions;

namespace Multihead.Models.Formats;

/// <summary>Writes the weights of a checkpoint folder, in shards where they are large. Whichever way the folder was written
/// before and whenever the process is killed, <see cref="SafetensorsFolder.Open"/> finds the old weights or the new: one rename,
/// of the single file or of the index, makes the change, and new shards never take the names of old ones.</summary>
internal static partial class SafetensorsFolderWriter
{
    /// <summary>Hugging Face's limit of one shard: 5 GB.</summary>
    public const long DefaultShardBytes = 5_000_000_000;

    /// <summary>Writes one file where all fits into <paramref name="maxShardBytes"/>, else shards and their index.</summary>
    /// <param name="folder">Created where absent; older weights in it go once the new ones stand.</param>
    /// <param name="tensors">In the order they shall have; names are unique.</param>
    /// <param name="metadata">As <see cref="SafetensorsWriter.Write"/>; the same in every shard.</param>
    /// <param name="maxShardBytes">Data bytes of a shard; only a single larger tensor makes a larger shard.</param>
    /// <exception cref="MultiheadException">The folder cannot be written; the old weights still stand.</exception>
    public static void Write(string folder, IReadOnlyList<TensorSource> tensors,
        IReadOnlyDictionary<string, string>? metadata = null, long maxShardBytes = DefaultShardBytes)
    {
        SafetensorsWriter.CheckNames(tensors);
        var shards = Shards(tensors, maxShardBytes);
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, SafetensorsFolder.FileName), tensors, metadata);
            RemoveOldFiles(folder, keep: [SafetensorsFolder.FileName]);
            return;
        }
        var weightMap = new Dictionary<string, string>();
        var stem = UnusedStem(folder);
        for (var i = 0; i < shards.Count; i++)
        {
            var name = $"{stem}-{i + 1:D5}-of-{shards.Count:D5}.safetensors";
            SafetensorsWriter.Write(Path.Combine(folder, name), shards[i], metadata);
            foreach (var tensor in shards[i]) weightMap.Add(tensor.Name, name);
        }
        var index = new SafetensorsIndex(weightMap, new SafetensorsIndexMetadata(tensors.Sum(tensor => tensor.ByteCount)));
        AtomicFile.WriteText(Path.Combine(folder, SafetensorsFolder.IndexFileName),
            JsonSerializer.Serialize(index, SafetensorsIndexJsonContext.Default.SafetensorsIndex) + "\n");
        RemoveOldFiles(folder, keep: [SafetensorsFolder.IndexFileName, .. weightMap.Values]);
    }

    private static List<List<TensorSource>> Shards(IReadOnlyList<TensorSource> tensors, long maxShardBytes)
    {
        List<List<TensorSource>> shards = [[]];
        var filled = 0L;
        foreach (var tensor in tensors)
        {
            if (shards[^1].Count > 0 && tensor.ByteCount > maxShardBytes - filled)
            {
                shards.Add([]);
                filled = 0;
            }
            shards[^1].Add(tensor);
            filled += tensor.ByteCount;
        }
        return shards;
    }

    // "model", as everywhere, unless shards of an older save stand under that name.
    private static string UnusedStem(string folder)
    {
        var used = Directory.Exists(folder) ? Directory.GetFiles(folder).Select(Path.GetFileName).ToArray() : [];
        var stem = "model";
        for (var attempt = 2; used.Any(name => ShardStem(name!) == stem); attempt++) stem = $"model-{attempt}";
        return stem;
    }

    private static void RemoveOldFiles(string folder, string[] keep)
    {
        try
        {
            foreach (var file in Directory.GetFiles(folder))
            {
                var name = Path.GetFileName(file);
                var isWeights = name is SafetensorsFolder.FileName or SafetensorsFolder.IndexFileName
                    || ShardStem(name) is not null;
                if (isWeights && !keep.Contains(name)) File.Delete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiheadException($"Cannot remove the older weights in '{folder}': {e.Message.TrimEnd('.')}; remove them "
                + "by hand.", e);
        }
    }

    private static string? ShardStem(string fileName) =>
        ShardName().Match(fileName) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^(model(?:-[0-9]+)?)-[0-9]{5,}-of-[0-9]{5,}\.safetensors$", RegexOptions.CultureInvariant)]
    private static partial Regex ShardName();
}
