namespace Discovery.Testing.Servers;

/// <summary>The browser that tests drive; they are skipped, with the reason, where it is not on this machine.</summary>
public static class BrowserProgram
{
    /// <summary>Where Chromium is.</summary>
    public static string Path => ServerProgram.Chromium();

    /// <summary>The text of axe-core, which finds faults of accessibility.</summary>
    public static string Axe => File.ReadAllText(ServerProgram.Axe());

    /// <summary>How it is started: without a screen, and without calls to anywhere but where the tests send it.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
    [
        "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(), // as root it has no sandbox to offer
    ];
}
