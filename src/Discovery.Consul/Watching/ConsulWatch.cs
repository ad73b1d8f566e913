using System.Runtime.CompilerServices;
using System.Text.Json;
using Discovery.Consul.Client;

namespace Discovery.Consul.Watching;

/// <summary>Follows one service by blocking queries: the list at once, then whenever it has moved on, and at the end of each wait.</summary>
internal sealed class ConsulWatch(
    ConsulCatalog catalog, ConsulErrors errors, WatchSlots slots, ServiceEntries entries, TimeProvider timeProvider)
{
    /// <summary>How often a service that stays empty is asked about again.</summary>
    private static readonly TimeSpan EmptyCheckInterval = TimeSpan.FromSeconds(10);

    private readonly WatchIndex _index = new();
    private readonly QueryPacer _pacer = new(timeProvider);
    private long? _emptyCheckedAt;

    public async IAsyncEnumerable<RegistryChange> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        slots.Join();
        try
        {
            while (true)
            {
                await _pacer.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (await QueryAsync(cancellationToken).ConfigureAwait(false) is { } change)
                {
                    yield return change;
                }
            }
        }
        finally
        {
            slots.Leave();
        }
    }

    /// <summary>One query; null when the index went backwards, and everything is to be listed anew.</summary>
    private async Task<RegistryChange?> QueryAsync(CancellationToken cancellationToken)
    {
        using var response = await WaitForAnswerAsync(cancellationToken).ConfigureAwait(false);
        if (!_index.TryAdvance(response.Index))
        {
            _pacer.Charge(response.Body.Length, isFruitful: false);
            entries.Clear();
            return null;
        }

        var before = entries.Count;
        var change = Apply(response);
        _pacer.Charge(response.Body.Length, isFruitful: change != RegistryChange.Confirmation);
        if (entries.Count == 0)
        {
            await CheckEmptyAsync(response, wasFilled: before > 0, cancellationToken).ConfigureAwait(false);
        }

        return change;
    }

    private async Task<ConsulResponse> WaitForAnswerAsync(CancellationToken cancellationToken)
    {
        if (_index.Value == 0)
        {
            // Answered at once: whoever asks for a service for the first time does not stand behind those that wait.
            return await AskAsync(cancellationToken).ConfigureAwait(false);
        }

        await slots.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AskAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            slots.Exit();
        }
    }

    private async Task<ConsulResponse> AskAsync(CancellationToken cancellationToken)
    {
        var response = await catalog.GetInstancesAsync(entries.ServiceName, _index.Value, slots.Wait, cancellationToken).ConfigureAwait(false);
        if (response.IsMultiplexed)
        {
            slots.Multiplex();
        }

        return response;
    }

    private RegistryChange Apply(ConsulResponse response)
    {
        try
        {
            return entries.Apply(response.Body);
        }
        catch (JsonException e)
        {
            throw errors.Unreadable(catalog.InstancesRequest(entries.ServiceName), e);
        }
    }

    // A permission may also be lost later, so a list that becomes or stays empty is not taken at its word either.
    private async Task CheckEmptyAsync(ConsulResponse response, bool wasFilled, CancellationToken cancellationToken)
    {
        if (wasFilled || _emptyCheckedAt is not { } checkedAt || timeProvider.GetElapsedTime(checkedAt) >= EmptyCheckInterval)
        {
            _emptyCheckedAt = timeProvider.GetTimestamp();
            await catalog.EnsurePermittedAsync(entries.ServiceName, response.IsFilteredByAcls, cancellationToken).ConfigureAwait(false);
        }
    }
}
