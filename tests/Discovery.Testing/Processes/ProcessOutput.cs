using System.Text.RegularExpressions;

namespace Discovery.Testing.Processes;

/// <summary>The lines a process has written, standard output and standard error together, in order of arrival.</summary>
public sealed class ProcessOutput
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The last lines so far, as one text for messages.</summary>
    public string Tail(int count = 30) => string.Join(Environment.NewLine, Lines.TakeLast(count));

    /// <summary>Waits for a line that matches, from the process's start on.</summary>
    /// <param name="pattern">A regular expression.</param>
    /// <param name="bound">How long at most; <see cref="Eventually.DefaultBound"/> where null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The match in the first such line.</returns>
    public async Task<Match> WaitForLineAsync(string pattern, TimeSpan? bound = null, CancellationToken cancellationToken = default)
    {
        Match? match = null;
        await Eventually.IsAsync(
            () => Lines,
            lines => (match = lines.Select(line => Regex.Match(line, pattern)).FirstOrDefault(found => found.Success)) is not null,
            bound, cancellationToken, $"a line that matches '{pattern}'");
        return match!;
    }

    internal void Add(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
        }
    }
}
