using System.Diagnostics;

namespace Multihead.Text.Metrics;

/// <summary>Counts how many n-grams of one hypothesis its references hold, each at most as often as the hypothesis does.
/// An n-gram is a node of a trie over the hypothesis, found by (node of its first n-1 tokens, last token) in one hash table
/// that keeps its memory from line to line; n-grams that only a reference holds are never stored.</summary>
internal sealed class NGramMatcher(int order)
{
    private const int Root = 0;

    private struct Node
    {
        public ulong Key;          // parent << 32 | token
        public int Slot;
        public int InHypothesis;
        public int InReference;    // of the reference being read
        public int InAnyReference; // the most that one reference read so far holds
    }

    private int[] slots = new int[1024]; // node number, 0 where free: the root itself is never looked up
    private Node[] nodes = new Node[512];
    private int nodeCount = 1;

    /// <summary>Takes a new hypothesis and forgets the references of the last one.</summary>
    public void SetHypothesis(ReadOnlySpan<int> tokens)
    {
        for (var node = 1; node < nodeCount; node++) slots[nodes[node].Slot] = 0;
        nodeCount = 1;
        for (var start = 0; start < tokens.Length; start++)
        {
            var node = Root;
            foreach (var token in tokens.Slice(start, Math.Min(order, tokens.Length - start)))
            {
                node = FindOrAdd(KeyOf(node, token));
                nodes[node].InHypothesis++;
            }
        }
    }

    /// <summary>Adds one more reference of the same hypothesis.</summary>
    /// <param name="tokens">The reference.</param>
    /// <param name="matches">[order]: at n-1 grows by the n-grams that this reference matches beyond those before it.</param>
    public void AddReference(ReadOnlySpan<int> tokens, Span<long> matches)
    {
        Debug.Assert(matches.Length == order);
        for (var node = 1; node < nodeCount; node++) nodes[node].InReference = 0;
        for (var start = 0; start < tokens.Length; start++)
        {
            var parent = Root;
            var longest = Math.Min(order, tokens.Length - start);
            for (var n = 0; n < longest; n++)
            {
                parent = slots[SlotOf(KeyOf(parent, tokens[start + n]))];
                if (parent == 0) break;
                ref var node = ref nodes[parent];
                if (++node.InReference <= node.InAnyReference) continue;
                node.InAnyReference = node.InReference;
                if (node.InReference <= node.InHypothesis) matches[n]++;
            }
        }
    }

    /// <summary>Makes the next reference count on its own, as though it were the first.</summary>
    public void ForgetReferences()
    {
        for (var node = 1; node < nodeCount; node++) nodes[node].InAnyReference = 0;
    }

    private static ulong KeyOf(int parent, int token) => (ulong)(uint)parent << 32 | (uint)token;

    /// <summary>The slot that holds the key, or the free one where it belongs.</summary>
    private int SlotOf(ulong key)
    {
        var mask = slots.Length - 1;
        // Fibonacci hashing; the high half is the well-mixed one
        var slot = (int)(key * 0x9E3779B97F4A7C15 >> 32) & mask;
        while (slots[slot] != 0 && nodes[slots[slot]].Key != key) slot = slot + 1 & mask;
        return slot;
    }

    private int FindOrAdd(ulong key)
    {
        var slot = SlotOf(key);
        if (slots[slot] != 0) return slots[slot];
        if (nodeCount == nodes.Length)
        {
            Grow();
            slot = SlotOf(key);
        }
        nodes[nodeCount] = new Node { Key = key, Slot = slot };
        return slots[slot] = nodeCount++;
    }

    private void Grow()
    {
        Array.Resize(ref nodes, nodes.Length * 2);
        slots = new int[nodes.Length * 2];
        for (var node = 1; node < nodeCount; node++)
        {
            nodes[node].Slot = SlotOf(nodes[node].Key);
            slots[nodes[node].Slot] = node;
        }
    }

    /// <summary>How many n-grams a line of so many tokens holds.</summary>
    public static int Count(int tokens, int n) => Math.Max(0, tokens - n + 1);
}
