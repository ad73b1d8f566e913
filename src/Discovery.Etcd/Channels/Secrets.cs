using System.Collections.Immutable;
using Discovery.Security;

namespace Discovery.Etcd.Channels;

/// <summary>What must not be shown, whoever says it: a server may echo what it was sent. Also keeps texts of others to one line of bounded length.</summary>
internal sealed class Secrets
{
    // A password and the token in use; earlier ones of both, for answers that come late.
    private const int MaxKept = 16;

    private ImmutableQueue<string> _secrets = [];

    public void Add(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return;
        }

        ImmutableInterlocked.Update(ref _secrets, static (kept, added) =>
            kept.Contains(added) ? kept : [.. kept.TakeLast(MaxKept - 1), added], secret);
    }

    public string Hide(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return UntrustedText.Line(text);
    }
}
