namespace Discovery.Hosting.Configuration;

/// <summary>Finds the name that somebody who mistyped it has meant.</summary>
internal static class NearestName
{
    private const int LettersPerMistake = 3;

    /// <returns>The nearest name, or null where none is near: more than one mistake in three letters is another name.</returns>
    public static string? To(string typed, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(typed.ToUpperInvariant(), name.ToUpperInvariant())))
        .Where(near => near.Distance <= Math.Max(1, Math.Max(typed.Length, near.Name.Length) / LettersPerMistake))
        .OrderBy(near => near.Distance)
        .Select(near => near.Name)
        .FirstOrDefault();

    /// <summary>
    /// How many letters were left out, put in, changed or swapped with their neighbour: the optimal string alignment distance (Damerau, "A technique for computer
    /// detection and correction of spelling errors", 1964).
    /// </summary>
    private static int Distance(string left, string right)
    {
        var distances = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                distances[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1,
                        distances[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    distances[i, j] = Math.Min(distances[i, j], distances[i - 2, j - 2] + 1);
                }
            }
        }

        return distances[left.Length, right.Length];
    }
}
