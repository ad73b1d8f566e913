using System.Collections;

namespace Discovery.Hosting.Lookup;

/// <summary>An immutable list in chunks, so that the next version shares all chunks but those that changed.</summary>
/// <remarks>A value, so that whoever holds it is one step from the chunks. The default is not usable; see <see cref="Empty"/>.</remarks>
internal readonly struct ChunkedList<T> : IReadOnlyList<T>
{
    internal const int ChunkShift = 6;
    internal const int ChunkSize = 1 << ChunkShift;

    private readonly T[][] _chunks;

    internal ChunkedList(T[][] chunks, int count)
    {
        _chunks = chunks;
        Count = count;
    }

    public static ChunkedList<T> Empty { get; } = new([], 0);

    public int Count { get; }

    T IReadOnlyList<T>.this[int index] => this[index];

    public ref readonly T this[int index] => ref _chunks[index >> ChunkShift][index & (ChunkSize - 1)];

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
