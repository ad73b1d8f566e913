using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.OtherLanguages;

/// <summary>The programs of other languages that these tests run.</summary>
internal static class LanguagePrograms
{
    public static string Naming => Find("naming.go");

    public static string WithConsul => Find("with_consul.py");

    public static string WithEtcd => Find("with_etcd.py");

    public static string Greeter => Path.Combine(RepositoryFiles.Root, "examples", "OtherLanguages", "greeter.go");

    private static string Find(string file) =>
        Path.Combine(RepositoryFiles.Root, "tests", "Discovery.EndToEnd.Tests", "OtherLanguages", "Programs", file);
}
