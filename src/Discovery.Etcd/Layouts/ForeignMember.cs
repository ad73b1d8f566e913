namespace Discovery.Etcd.Layouts;

/// <summary>The last parts of keys that other frameworks write: their IDs have other characters than ours.</summary>
internal static class ForeignMember
{
    private const int MaxLength = 200;

    /// <summary>Whether it may name an instance: it is not empty, not long, and can be shown.</summary>
    public static bool IsUsable(string member) => member.Length is > 0 and <= MaxLength && !member.Any(char.IsControl);
}
