using Discovery.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Discovery.Hosting.Tests.Configuration;

public sealed class ReloadableOptionsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly HeldFactory _factory = new();
    private readonly ReloadSource _source = new();
    private readonly ReloadSource _otherSource = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reload_DuringTheFirstRead_IsNotLost()
    {
        using var options = Options();
        var release = _factory.HoldNext();
        var firstRead = Task.Run(() => options.Current, Cancellation);
        await _factory.Held.WaitAsync(Limit, Cancellation);

        _factory.Value = "new";
        var reload = StartAndLetRun(_source.Reload);
        release.SetResult();
        await firstRead;
        Assert.True(reload.Join(Limit));

        Assert.Equal("new", options.Current.Value);
    }

    [Fact]
    public async Task Reload_WhileAnotherHasReadOlderSettings_IsPublishedAndToldLast()
    {
        using var options = Options();
        Assert.Equal("first", options.Current.Value);
        var told = new List<string>();
        using var listening = options.OnChange(settings => told.Add(settings.Value));

        _factory.Value = "older";
        var release = _factory.HoldNext();
        var older = StartAndLetRun(_source.Reload);
        await _factory.Held.WaitAsync(Limit, Cancellation);
        _factory.Value = "newer";
        var newer = StartAndLetRun(_otherSource.Reload);
        release.SetResult();
        Assert.True(older.Join(Limit) && newer.Join(Limit));

        Assert.Equal("newer", options.Current.Value);
        Assert.Equal(["older", "newer"], told);
    }

    [Fact]
    public void Reload_BeforeAnybodyHasRead_ReadsNothing()
    {
        using var options = Options();

        _source.Reload();

        Assert.Equal(0, _factory.Reads);
    }

    [Fact]
    public void OnChange_Disposed_IsToldNoMore()
    {
        using var options = Options();
        _ = options.Current;
        var told = 0;
        using (options.OnChange(_ => told++))
        {
            _source.Reload();
        }

        _source.Reload();

        Assert.Equal(1, told);
    }

    private ReloadableOptions<Settings> Options() => new(_factory, [_source, _otherSource], NullLogger<ReloadableOptions<Settings>>.Instance);

    /// <summary>Goes on in a thread of its own, until that has ended or waits for something.</summary>
    private static Thread StartAndLetRun(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => (thread.ThreadState & (ThreadState.Stopped | ThreadState.WaitSleepJoin)) != 0, Limit));
        return thread;
    }

    internal sealed class Settings
    {
        public string Value { get; init; } = "";
    }

    private sealed class HeldFactory : IOptionsFactory<Settings>
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _next;
        private int _reads;

        public volatile string Value = "first";

        public int Reads => _reads;

        /// <summary>Ends when the read that is to be held has read.</summary>
        public Task Held => _held.Task;

        /// <summary>The next read is held, after it has read, until that is set.</summary>
        public TaskCompletionSource HoldNext() => _next = new();

        public Settings Create(string name)
        {
            Interlocked.Increment(ref _reads);
            var settings = new Settings { Value = Value };
            if (Interlocked.Exchange(ref _next, null) is { } release)
            {
                _held.SetResult();
                Assert.True(release.Task.Wait(Limit));
            }

            return settings;
        }
    }

    private sealed class ReloadSource : IOptionsChangeTokenSource<Settings>
    {
        private ConfigurationReloadToken _token = new();

        public string Name => "";

        public IChangeToken GetChangeToken() => _token;

        public void Reload() => Interlocked.Exchange(ref _token, new()).OnReload();
    }
}
