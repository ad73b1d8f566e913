using System.Text.Json;
using Discovery.Consul.Wire;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Watching;

/// <summary>
/// Goes through an answer of <c>/v1/health/service</c> in one pass without allocating, taking what tells a changed entry from an
/// unchanged one. An entry of a wrong shape is passed over; the list around it still counts.
/// </summary>
internal ref struct EntryScanner
{
    private readonly ReadOnlySpan<byte> _list;
    private Utf8JsonReader _reader;

    /// <summary>The entry that <see cref="MoveNext"/> has come to.</summary>
    public ScannedEntry Current;

    /// <exception cref="JsonException">The answer is not a list.</exception>
    public EntryScanner(ReadOnlySpan<byte> list)
    {
        _list = list;
        _reader = new Utf8JsonReader(list);
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("a list was expected");
        }
    }

    /// <exception cref="JsonException">The answer is not JSON.</exception>
    public bool MoveNext()
    {
        Current = new ScannedEntry { Health = HealthStatus.Healthy };
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndArray)
        {
            _reader.Read(); // throws where something follows the list
            return false;
        }

        if (!IsObject())
        {
            return true;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueTextEquals("Service"u8))
            {
                _reader.Read();
                ScanService();
            }
            else if (_reader.ValueTextEquals("Node"u8))
            {
                _reader.Read();
                ScanNode();
            }
            else if (_reader.ValueTextEquals("Checks"u8))
            {
                _reader.Read();
                ScanChecks();
            }
            else
            {
                _reader.Skip();
            }
        }

        return true;
    }

    private void ScanNode()
    {
        if (!IsObject())
        {
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueTextEquals("Node"u8))
            {
                Current.Node = ReadText();
            }
            else if (_reader.ValueTextEquals("Address"u8))
            {
                Current.NodeAddress = ReadText();
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ScanService()
    {
        var start = (int)_reader.TokenStartIndex;
        if (!IsObject())
        {
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueTextEquals("ID"u8))
            {
                Current.Id = ReadText();
            }
            else if (_reader.ValueTextEquals("CreateIndex"u8))
            {
                Current.CreateIndex = ReadIndex();
            }
            else if (_reader.ValueTextEquals("ModifyIndex"u8))
            {
                Current.ModifyIndex = ReadIndex();
            }
            else
            {
                _reader.Skip();
            }
        }

        Current.Service = _list[start..(int)_reader.BytesConsumed];
    }

    private void ScanChecks()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            _reader.Skip();
            return;
        }

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (IsObject())
            {
                ScanCheck();
            }
        }
    }

    private void ScanCheck()
    {
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueTextEquals("Status"u8))
            {
                Current.Health = ConsulHealth.Worse(Current.Health, ConsulHealth.Read(ReadText()));
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private bool IsObject()
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        _reader.Skip();
        return false;
    }

    private ReadOnlySpan<byte> ReadText()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.String)
        {
            return _reader.ValueSpan;
        }

        _reader.Skip();
        return default;
    }

    private long ReadIndex()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var index))
        {
            return index;
        }

        _reader.Skip();
        return 0;
    }
}
