using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

/// <summary>The token that every call carries: asked for once, and again only when etcd refuses it.</summary>
/// <remarks>
/// etcd checks a password with bcrypt, some ten checks a second for a whole cluster: so one login serves all who wait for it,
/// and none follows another within <see cref="CoolDown"/>.
/// </remarks>
internal sealed partial class TokenSource(CallInvoker invoker, string user, Func<string> readPassword, Secrets secrets, TimeProvider time, ILogger logger)
{
    /// <summary>The metadata key that etcd reads it from.</summary>
    public const string Header = "token";

    public static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(1);

    private readonly Auth.AuthClient _client = new(invoker);
    private readonly Lock _gate = new();
    private Task<string?>? _login;
    private long _loggedInAt;

    /// <summary>The token, or null where etcd wants none.</summary>
    public Task<string?> GetAsync(CancellationToken cancellationToken)
    {
        Task<string?> login;
        lock (_gate)
        {
            login = _login is null || (_login.IsFaulted && !IsCoolingDown) ? LogIn() : _login;
        }

        return login.WaitAsync(cancellationToken);
    }

    /// <summary>A token other than the one that was refused.</summary>
    /// <returns>False when there is none: etcd refuses even one that it has just given out.</returns>
    public async Task<bool> RenewAsync(string? refused, CancellationToken cancellationToken)
    {
        Task<string?> login;
        lock (_gate)
        {
            if (_login is { IsCompletedSuccessfully: true, Result: var current } && current == refused)
            {
                if (IsCoolingDown)
                {
                    return false;
                }

                LogRenewing(user);
                LogIn();
            }

            login = _login ?? LogIn();
        }

        return await login.WaitAsync(cancellationToken).ConfigureAwait(false) != refused;
    }

    private bool IsCoolingDown => time.GetElapsedTime(_loggedInAt) < CoolDown;

    private Task<string?> LogIn()
    {
        _loggedInAt = time.GetTimestamp();
        return _login = LogInAsync().ForWhoeverWaits();
    }

    private async Task<string?> LogInAsync()
    {
        try
        {
            var request = new AuthenticateRequest { Name = user, Password = readPassword() };
            secrets.Add(request.Password);
            var response = await _client.AuthenticateAsync(request).ResponseAsync.ConfigureAwait(false);
            secrets.Add(response.Token);
            return response.Token;
        }
        catch (RpcException e) when (EtcdStatus.IsAuthenticationOff(e))
        {
            LogAuthenticationOff(user);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(RegistryErrorKind.Denied, $"The password of the etcd user '{user}' cannot be read: {e.Message}", e);
        }
    }
}
