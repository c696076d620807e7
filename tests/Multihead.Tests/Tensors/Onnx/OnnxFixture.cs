using System.Text;

namespace Multihead.Tests.Tensors.Onnx;

/// <summary>One operator with attributes, inputs and the outputs that it should give.</summary>
internal sealed class OnnxFixture
{
    private readonly Dictionary<string, float> _numbers = [];
    private readonly Dictionary<string, string> _texts = [];

    private OnnxFixture(string folder)
    {
        ReadModel(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        Inputs = Tensors(folder, "input");
        Outputs = Tensors(folder, "output");
    }

    public IReadOnlyList<OnnxTensor> Inputs { get; }

    public IReadOnlyList<OnnxTensor> Outputs { get; }

    /// <summary>The folder of all fixtures; skips the test where it is absent.</summary>
    public static string Folder() => TestData.Require("onnx-node-tests");

    /// <summary>Reads a fixture; skips the test where the data are absent.</summary>
    public static OnnxFixture Load(string name) => new(Path.Combine(Folder(), name));

    /// <summary>An attribute of one number.</summary>
    public float Number(string name, float otherwise) => _numbers.GetValueOrDefault(name, otherwise);

    public int Integer(string name, int otherwise) => (int)Number(name, otherwise);

    /// <summary>An attribute that is text.</summary>
    public string Text(string name) => _texts[name];

    private static List<OnnxTensor> Tensors(string folder, string kind)
    {
        List<OnnxTensor> tensors = [];
        while (Path.Combine(folder, "test_data_set_0", $"{kind}_{tensors.Count}.pb") is var path && File.Exists(path))
            tensors.Add(OnnxTensor.Read(File.ReadAllBytes(path)));
        return tensors;
    }

    private void ReadModel(ReadOnlySpan<byte> model)
    {
        for (var reader = new ProtobufReader(model); reader.Next();)
            if (reader.Field == 7) ReadGraph(reader.Bytes);
    }

    private void ReadGraph(ReadOnlySpan<byte> graph)
    {
        for (var reader = new ProtobufReader(graph); reader.Next();)
            if (reader.Field == 1) ReadNode(reader.Bytes);
    }

    private void ReadNode(ReadOnlySpan<byte> node)
    {
        for (var reader = new ProtobufReader(node); reader.Next();)
            if (reader.Field == 5) ReadAttribute(reader.Bytes);
    }

    private void ReadAttribute(ReadOnlySpan<byte> attribute)
    {
        var name = "";
        for (var reader = new ProtobufReader(attribute); reader.Next();)
        {
            if (reader.Field == 1) name = Encoding.UTF8.GetString(reader.Bytes);
            else if (reader.Field == 2) _numbers[name] = reader.Float;
            else if (reader.Field == 3) _numbers[name] = reader.Number;
            else if (reader.Field == 4) _texts[name] = Encoding.UTF8.GetString(reader.Bytes);
        }
    }
}
