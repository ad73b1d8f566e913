using Polly;

namespace Discovery.Hosting.Registration;

/// <summary>Takes back what a registration has left in a registry, when it is no longer wanted, and says how that went.</summary>
internal sealed class RegistrationWithdrawal(RegistrationHandle handle, RegistrationJournal journal, ResiliencePipeline fewTimes, TimeSpan ttl)
{
    /// <summary>Never throws.</summary>
    /// <param name="cancellationToken">Gives up: what stands in the registry then ends with its Ttl.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!handle.MayStand)
        {
            journal.NothingToRevoke();
            return;
        }

        var stood = handle.Held is not null;
        try
        {
            // A custom provider may not heed the token, and the exit must not wait for it.
            var revoke = fewTimes.ExecuteAsync(static (handle, token) => handle.RevokeAsync(token), handle, cancellationToken);
            await revoke.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            journal.Revoked(stood);
        }
        catch (Exception e)
        {
            journal.NotRevoked(e, ttl, stood);
        }
    }
}
