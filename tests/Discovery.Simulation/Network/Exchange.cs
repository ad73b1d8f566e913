namespace Discovery.Simulation.Network;

/// <summary>One request and its reply.</summary>
internal sealed class Exchange<T>(Link link, string what, Action<Call, Action<T>> serve, Func<string, Exception> failure) : IConnection
{
    private readonly TaskCompletionSource<T> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Reply => _reply.Task;

    public void Send()
    {
        var call = link.Stamp();
        if (link.Duplicates())
        {
            link.After(link.Delay(), () => Serve(call, static _ => { }, "again"));
        }

        if (!LoseOrTell("is lost"))
        {
            link.After(link.Latency(), () => Arrive(call));
        }
    }

    public void Cancel(CancellationToken token)
    {
        link.Close(this);
        _reply.TrySetCanceled(token);
    }

    public void Break() => Fail("reset");

    public void OnHealed(bool survives)
    {
        if (!survives)
        {
            Break();
        }
    }

    private void Arrive(Call call)
    {
        // What was on its way when the network went dark does not arrive.
        if (link.State != LinkState.Up)
        {
            LoseOrTell("is lost");
            return;
        }

        Serve(call, Answer, "arrives");
    }

    private void Serve(Call call, Action<T> reply, string how)
    {
        link.Note($"{what} {how}");
        try
        {
            serve(call, reply);
        }
        catch (ServerDownException)
        {
            Fail("refused");
        }
    }

    private void Answer(T reply)
    {
        if (!LoseOrTell("is answered, and the answer is lost"))
        {
            link.After(link.Latency(), () => link.Deliver(() =>
            {
                link.Close(this);
                _reply.TrySetResult(reply);
            }));
        }
    }

    private bool LoseOrTell(string how)
    {
        if (!link.Loses())
        {
            return false;
        }

        link.Note($"{what} {how}");
        if (link.Tells())
        {
            Fail("reset");
        }

        return true;
    }

    private void Fail(string reason) => link.After(link.Promptly(), () => link.Deliver(() =>
    {
        link.Close(this);
        _reply.TrySetException(failure($"{what}: {reason}"));
    }));
}
