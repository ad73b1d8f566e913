namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What happens to the registry's server, or to all of its members.</summary>
internal static class ServerFaults
{
    public static Fault Killed { get; } = new("killed, back with its data")
    {
        InjectAsync = stage => stage.Registry.KillAsync(),
        ProveAsync = CannotBeAskedAsync,
        MendAsync = stage => stage.Registry.StartAgainAsync(wipe: false),
    };

    public static Fault Wiped { get; } = new("killed, back without its data")
    {
        InjectAsync = stage => stage.Registry.KillAsync(),
        ProveAsync = CannotBeAskedAsync,
        MendAsync = async stage =>
        {
            Refuse(stage);
            await stage.Registry.StartAgainAsync(wipe: true);
            Assert.Empty(await stage.Registry.ListAsync(Stage.Service));
            Accept(stage);
        },
    };

    public static Fault Suspended { get; } = new("hung (SIGSTOP), then goes on")
    {
        InjectAsync = stage =>
        {
            stage.Registry.Suspend(); // returns when each of its threads stands still
            return Task.CompletedTask;
        },
        ProveAsync = CannotBeAskedAsync,
        MendAsync = stage =>
        {
            stage.Registry.Resume();
            return Task.CompletedTask;
        },
    };

    public static Fault RestoredFromBackup { get; } = new("back with an older backup: a lower index or revision")
    {
        BeforeAsync = stage => stage.Registry.BackUpAsync(),
        InjectAsync = async stage =>
        {
            await WriteAsync(stage, 50);
            var position = await stage.Registry.GetPositionAsync();
            await stage.Registry.KillAsync();
            stage.Position = position;
        },
        ProveAsync = CannotBeAskedAsync,
        MendAsync = async stage =>
        {
            Refuse(stage);
            await stage.Registry.RestoreAsync();
            Assert.InRange(await stage.Registry.GetPositionAsync(), 0, stage.Position - 1);
            Accept(stage);
        },
    };

    /// <summary>Nothing that a client knew is left, and what it would resume from seems to be there.</summary>
    public static Fault WipedAndPast { get; } = new("back without its data, on a higher index or revision; a copy died meanwhile")
    {
        InjectAsync = async stage =>
        {
            stage.Position = await stage.Registry.GetPositionAsync();
            await stage.Registry.KillAsync();
            await stage.Process.Process.KillAsync();
            stage.Lose(stage.Process.Id);
        },
        ProveAsync = CannotBeAskedAsync,
        MendAsync = async stage =>
        {
            Refuse(stage);
            await stage.Registry.StartAgainAsync(wipe: true);
            await WriteAsync(stage, (int)stage.Position + 50);
            Assert.Empty(await stage.Registry.ListAsync(Stage.Service));
            Assert.InRange(await stage.Registry.GetPositionAsync(), stage.Position + 1, long.MaxValue);
            Accept(stage);
        },
    };

    /// <summary>All registrations are removed at once, while everybody is connected.</summary>
    public static Fault Deregistered { get; } = new("all registrations removed by an operator")
    {
        InjectAsync = stage => Task.WhenAll(stage.Living.Select(id => stage.Registry.RemoveAsync(Stage.Service, id))),
    };

    private static async Task CannotBeAskedAsync(Stage stage) => Assert.All(
        await Task.WhenAll(stage.Registry.Addresses.Select(Asked.GetAnyAsync)), Assert.False);

    private static Task WriteAsync(Stage stage, int count) => stage.Registry.WriteAsync(count);

    private static void Refuse(Stage stage)
    {
        foreach (var proxy in stage.Proxies)
        {
            proxy.Refuse();
        }
    }

    private static void Accept(Stage stage)
    {
        foreach (var proxy in stage.Proxies)
        {
            proxy.Accept();
        }
    }
}
