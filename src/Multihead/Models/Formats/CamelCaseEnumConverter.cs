using System.Text.Json;
using System.Text.Json.Serialization;

namespace Multihead.Models.Formats;

/// <summary>Writes enums as camelCase names and reads nothing else; <see cref="StrictJson"/> expects the same names.</summary>
internal sealed class CamelCaseEnumConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
