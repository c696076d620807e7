namespace Multihead.Models.Formats.Gguf;

/// <summary>The values of GGUF's metadata: whole numbers of 8 to 64 bits, float, double, bool, string, and arrays of one of these
/// or of arrays.</summary>
internal static class GgufValue
{
    public const uint Text = 8;
    public const uint Array = 9;

    // Deeper arrays are nowhere seen; a limit keeps the stack.
    private const int DeepestArray = 4;

    /// <summary>Reads a value of a type; an array becomes an array of .NET's, arrays of arrays become object[].</summary>
    public static object Read(BinaryCursor cursor, BinaryFile file, uint type, string what, int depth = 0) => type switch
    {
        0 => cursor.Next<byte>(what),
        1 => cursor.Next<sbyte>(what),
        2 => cursor.Next<ushort>(what),
        3 => cursor.Next<short>(what),
        4 => cursor.Next<uint>(what),
        5 => cursor.Next<int>(what),
        6 => cursor.Next<float>(what),
        7 => cursor.Next<byte>(what) != 0,
        Text => ReadText(cursor, what),
        Array => ReadArray(cursor, file, what, depth),
        10 => cursor.Next<ulong>(what),
        11 => cursor.Next<long>(what),
        12 => cursor.Next<double>(what),
        _ => throw file.Fault($"{what} has the unknown value type {type} before byte {cursor.Position}"),
    };

    /// <summary>A length of 64 bits and so many bytes of UTF-8.</summary>
    public static string ReadText(BinaryCursor cursor, string what) => cursor.Text(cursor.Next<long>(what), what);

    private static object ReadArray(BinaryCursor cursor, BinaryFile file, string what, int depth)
    {
        var type = cursor.Next<uint>(what);
        var count = cursor.Next<long>(what);
        if (depth == DeepestArray) throw file.Fault($"{what} has arrays within arrays to more than {DeepestArray} levels");
        return type switch
        {
            0 => cursor.Array<byte>(count, what),
            1 => cursor.Array<sbyte>(count, what),
            2 => cursor.Array<ushort>(count, what),
            3 => cursor.Array<short>(count, what),
            4 => cursor.Array<uint>(count, what),
            5 => cursor.Array<int>(count, what),
            6 => cursor.Array<float>(count, what),
            7 => System.Array.ConvertAll(cursor.Array<byte>(count, what), b => b != 0),
            Text => Items(8, () => ReadText(cursor, what)),
            Array => Items(12, () => Read(cursor, file, Array, what, depth + 1)),
            10 => cursor.Array<ulong>(count, what),
            11 => cursor.Array<long>(count, what),
            12 => cursor.Array<double>(count, what),
            _ => throw file.Fault($"{what} is an array of the unknown value type {type} before byte {cursor.Position}"),
        };

        T[] Items<T>(int leastBytes, Func<T> next)
        {
            cursor.DemandItems(count, leastBytes, what);
            var items = new T[count];
            for (var i = 0; i < items.Length; i++) items[i] = next();
            return items;
        }
    }
}
