using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.Logging;

namespace Discovery.Grpc.Resolving;

/// <summary>Tells a channel of a service's instances: what is known at once, and each change as it comes.</summary>
/// <remarks>
/// Until a channel is first told anything its calls wait, and heed no deadline (Grpc.Net.Client 2.85). So it is told something at once where our balancer has the calls wait, which
/// does heed deadlines; another balancer is told the truth, or after <see cref="Patience"/> that it is not known yet. Not a <c>PollingResolver</c>: there is nothing to poll,
/// and that one throws where it is refreshed after its end.
/// </remarks>
internal sealed partial class DiscoveryResolver : Resolver
{
    /// <summary>How long a channel with a balancer that is not ours may be told nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ResolutionReports _reports;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Action<ResolverResult>? _listener;
    private ServiceSnapshot? _reported;
    private int _isRefreshWanted;
    private bool _isEmpty;

    public DiscoveryResolver(ResolutionReports reports, TimeProvider time, ILogger<DiscoveryResolver> logger)
    {
        _reports = reports;
        _time = time;
        _logger = logger;
    }

    private IServiceView View => _reports.View;

    // Called under the channel's lock, as the listener wants it.
    public override void Start(Action<ResolverResult> listener)
    {
        _listener = listener;
        var ready = View.WaitUntilReadyAsync(_stopping.Token).AsTask();
        if (ready.IsCompleted)
        {
            Report();
        }
        else if (_reports.Balances)
        {
            listener(_reports.Pending());
        }

        // It lives as long as the channel: it must not run as part of the first call's trace.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => FollowAsync(ready));
        }
    }

    // Called under the channel's lock, by balancers that have lost a connection: from within it nothing is told, and nothing waited for.
    public override void Refresh()
    {
        Volatile.Write(ref _isRefreshWanted, 1);
        _wakes.Writer.TryWrite(true);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
            _reports.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task FollowAsync(Task ready)
    {
        try
        {
            if (!_reports.Balances)
            {
                await ready.WaitAsync(Patience, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!ready.IsCompleted)
                {
                    Tell(_reports.Pending());
                }
            }

            await ready.ConfigureAwait(false);
            while (true)
            {
                // Asked for before the set is read: a change in between fires a token that is already handed out.
                using var change = View.GetChangeToken().RegisterChangeCallback(static wakes => ((Channel<bool>)wakes!).Writer.TryWrite(true), _wakes);
                Report();
                await _wakes.Reader.ReadAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // the channel has ended
        }
    }

    private void Report()
    {
        var known = View.Current;
        if (Interlocked.Exchange(ref _isRefreshWanted, 0) == 0 && known == _reported)
        {
            return; // who is ejected has changed, which is the picker's business
        }

        _reported = known;
        Tell(_reports.Of(known));
    }

    private void Tell(ResolverResult result)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        NoteEmptiness(result);
        try
        {
            _listener!(result);
        }
        catch (Exception e)
        {
            LogNotTaken(e, View.ServiceName);
        }
    }

    private void NoteEmptiness(ResolverResult result)
    {
        Status? problem = result.Status.StatusCode != StatusCode.OK ? result.Status : Resolution.Of(result.Addresses)?.Problem;
        if (problem is { } reason && !_isEmpty)
        {
            LogEmpty(reason.Detail);
        }

        _isEmpty = problem is not null;
    }
}
