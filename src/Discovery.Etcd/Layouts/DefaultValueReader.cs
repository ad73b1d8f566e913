using System.Collections.ObjectModel;
using System.Text.Json;

namespace Discovery.Etcd.Layouts;

/// <summary>
/// Reads a <see cref="DefaultValue"/> as the serializer would. By hand, since it is read for each change, and the serializer's own reader allocates half
/// a kilobyte more for each.
/// </summary>
/// <param name="utf8">The JSON, as it stands in etcd.</param>
internal ref struct DefaultValueReader(ReadOnlySpan<byte> utf8)
{
    private Utf8JsonReader _json = new(utf8, new JsonReaderOptions { MaxDepth = LayoutJsonContext.MaxDepth });
    private string? _member;

    /// <returns>The value, or null where it is the JSON null.</returns>
    /// <exception cref="JsonException">It is not the JSON expected; its path says where, as far as that is known.</exception>
    public DefaultValue? Read()
    {
        try
        {
            var value = ReadValue();
            _member = null;
            _json.Read(); // throws if anything follows
            return value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: another kind of value, or a string that is no text
        {
            throw new JsonException(e.Message, _member is null ? "$" : "$." + _member, lineNumber: null, bytePositionInLine: null, e);
        }
    }

    private DefaultValue? ReadValue()
    {
        if (Next() == JsonTokenType.Null)
        {
            return null;
        }

        Expect(JsonTokenType.StartObject);
        var value = new DefaultValue();
        while (Next() != JsonTokenType.EndObject)
        {
            ReadMember(value);
        }

        return value;
    }

    private void ReadMember(DefaultValue value)
    {
        if (Is("endpoints"u8, "endpoints"))
        {
            value.Endpoints = ReadStrings();
        }
        else if (Is("health"u8, "health"))
        {
            value.Health = ReadHealth();
        }
        else if (Is("version"u8, "version"))
        {
            value.Version = ReadString();
        }
        else if (Is("zone"u8, "zone"))
        {
            value.Zone = ReadString();
        }
        else if (Is("weight"u8, "weight"))
        {
            Next();
            value.Weight = _json.TryGetInt32(out var weight) ? weight : throw new JsonException("no whole number");
        }
        else if (Is("tags"u8, "tags"))
        {
            value.Tags = ReadStrings();
        }
        else if (Is("metadata"u8, "metadata"))
        {
            value.Metadata = ReadMetadata();
        }
        else if (Is("id"u8, "id"))
        {
            value.Id = ReadString();
        }
        else if (Is("name"u8, "name"))
        {
            value.Name = ReadString();
        }
        else
        {
            _member = null;
            _json.Skip();
        }
    }

    private bool Is(ReadOnlySpan<byte> name, string member)
    {
        if (!_json.ValueTextEquals(name))
        {
            return false;
        }

        _member = member;
        return true;
    }

    private string? ReadString()
    {
        Next();
        return _json.GetString();
    }

    private string? ReadHealth() =>
        Next() != JsonTokenType.String ? _json.GetString()
        : _json.ValueTextEquals("healthy"u8) ? "healthy"
        : _json.GetString();

    private IReadOnlyList<string?>? ReadStrings()
    {
        if (Next() == JsonTokenType.Null)
        {
            return null;
        }

        Expect(JsonTokenType.StartArray);
        List<string?>? strings = null;
        while (Next() != JsonTokenType.EndArray)
        {
            (strings ??= new(1)).Add(_json.GetString());
        }

        return strings ?? (IReadOnlyList<string?>)Array.Empty<string?>();
    }

    private IReadOnlyDictionary<string, string?>? ReadMetadata()
    {
        if (Next() == JsonTokenType.Null)
        {
            return null;
        }

        Expect(JsonTokenType.StartObject);
        Dictionary<string, string?>? metadata = null;
        while (Next() != JsonTokenType.EndObject)
        {
            var key = _json.GetString()!;
            (metadata ??= new(StringComparer.Ordinal))[key] = ReadString();
        }

        return metadata is null ? ReadOnlyDictionary<string, string?>.Empty : metadata;
    }

    private JsonTokenType Next() => _json.Read() ? _json.TokenType : throw new JsonException("it ends too early");

    private readonly void Expect(JsonTokenType type)
    {
        if (_json.TokenType != type)
        {
            throw new JsonException($"{_json.TokenType} in place of {type}");
        }
    }
}
