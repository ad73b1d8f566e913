using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Discovery.Hosting.Configuration;

/// <summary>
/// Options that follow their configuration while the app runs, except into settings that are not allowed:
/// <see cref="IOptionsMonitor{TOptions}"/> would throw in whoever reads next, and in the thread that reloads.
/// </summary>
internal sealed partial class ReloadableOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T> : IDisposable
    where T : class
{
    private readonly IOptionsFactory<T> _factory;
    private readonly ILogger<ReloadableOptions<T>> _logger;
    private readonly string _name;
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _reading = new(); // held by who reads until that is published and told: what is read later is published later
    private volatile T? _current;

    public ReloadableOptions(
        IOptionsFactory<T> factory,
        IEnumerable<IOptionsChangeTokenSource<T>> sources,
        ILogger<ReloadableOptions<T>> logger,
        string name = "")
    {
        _factory = factory;
        _logger = logger;
        _name = name;
        foreach (var source in sources.Where(source => source.Name is null || source.Name == name))
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }
    }

    /// <summary>The settings in force. Read when first asked for: what is built before the start must not fail in the place of its validation.</summary>
    /// <exception cref="OptionsValidationException">The settings that the app came with are not allowed.</exception>
    public T Current => _current ?? ReadFirst();

    private event Action<T>? Changed;

    public IDisposable OnChange(Action<T> listener)
    {
        Changed += listener;
        return new Subscription(this, listener);
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private T ReadFirst()
    {
        lock (_reading)
        {
            return _current ??= _factory.Create(_name);
        }
    }

    private void Reload()
    {
        lock (_reading)
        {
            // While nobody has read them, the first to do so will read what they are by then.
            if (_current is not null && TryRead() is { } next)
            {
                _current = next;
                Changed?.Invoke(next);
            }
        }
    }

    private T? TryRead()
    {
        try
        {
            return _factory.Create(_name);
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures)
            {
                LogInvalidReload(failure);
            }

            return null;
        }
    }

    private sealed class Subscription(ReloadableOptions<T> owner, Action<T> listener) : IDisposable
    {
        public void Dispose() => owner.Changed -= listener;
    }
}
