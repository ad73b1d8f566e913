namespace Discovery.Hosting.Lookup;

/// <summary>The writer's side of <see cref="ChunkedList{T}"/>: copies a chunk at most once between two versions. Not thread-safe.</summary>
internal sealed class ChunkedListBuilder<T>
{
    private readonly List<T[]> _chunks = [];

    // Whether a chunk was made since the last version was given out, and may be written to in place.
    private readonly List<bool> _owned = [];
    private ChunkedList<T>? _built = ChunkedList<T>.Empty;

    public int Count { get; private set; }

    public T this[int index]
    {
        get => _chunks[index >> ChunkedList<T>.ChunkShift][index & (ChunkedList<T>.ChunkSize - 1)];
        set => Writable(index)[index & (ChunkedList<T>.ChunkSize - 1)] = value;
    }

    public void Add(T item)
    {
        if (Count == _chunks.Count << ChunkedList<T>.ChunkShift)
        {
            _chunks.Add(new T[ChunkedList<T>.ChunkSize]);
            _owned.Add(true);
        }

        this[Count++] = item;
    }

    public void RemoveLast()
    {
        Count--;
        if ((Count & (ChunkedList<T>.ChunkSize - 1)) == 0)
        {
            _chunks.RemoveAt(_chunks.Count - 1);
            _owned.RemoveAt(_owned.Count - 1);
            _built = null;
        }
        else
        {
            Writable(Count)[Count & (ChunkedList<T>.ChunkSize - 1)] = default!;
        }
    }

    public ChunkedList<T> Build()
    {
        if (_built is not { } built)
        {
            _built = built = Count == 0 ? ChunkedList<T>.Empty : new([.. _chunks], Count);
            for (var i = 0; i < _owned.Count; i++)
            {
                _owned[i] = false;
            }
        }

        return built;
    }

    private T[] Writable(int index)
    {
        _built = null;
        var chunk = index >> ChunkedList<T>.ChunkShift;
        if (!_owned[chunk])
        {
            _chunks[chunk] = [.. _chunks[chunk]];
            _owned[chunk] = true;
        }

        return _chunks[chunk];
    }
}
