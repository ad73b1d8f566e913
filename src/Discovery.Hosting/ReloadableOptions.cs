using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Discovery.Hosting;

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
    private readonly Lock _gate = new();
    private Action<T>? _changed;
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
    public T Current => _current ?? Interlocked.CompareExchange(ref _current, _factory.Create(_name), null) ?? _current;

    public IDisposable OnChange(Action<T> listener)
    {
        lock (_gate)
        {
            _changed += listener;
        }

        return new Subscription(this, listener);
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private void Reload()
    {
        if (_current is null)
        {
            return; // nobody has read them yet
        }

        T next;
        try
        {
            next = _factory.Create(_name);
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures)
            {
                LogInvalidReload(failure);
            }

            return;
        }

        _current = next;
        _changed?.Invoke(next);
    }

    private sealed class Subscription(ReloadableOptions<T> owner, Action<T> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._changed -= listener;
            }
        }
    }
}
