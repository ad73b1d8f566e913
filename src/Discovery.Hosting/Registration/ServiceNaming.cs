using System.Text;

namespace Discovery.Hosting.Registration;

/// <summary>The names that apply where configuration gives none.</summary>
internal static class ServiceNaming
{
    /// <summary>The application's name as a DNS label (RFC 1035): <c>My.Orders_Api</c> becomes <c>my-orders-api</c>.</summary>
    public static string FromApplicationName(string applicationName)
    {
        var label = new StringBuilder(applicationName.Length);
        foreach (var c in applicationName.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                label.Append(c);
            }
            else if (label.Length > 0 && label[^1] != '-')
            {
                label.Append('-');
            }
        }

        var name = label.ToString(0, Math.Min(label.Length, 63)).TrimEnd('-');
        return name.Length > 0 ? name : "app";
    }

    /// <summary>The name of the service that a registration is of.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="applicationName">The name of the app.</param>
    /// <param name="name">The name the registration was added under; empty for the app's own.</param>
    public static string Service(RegistrationOptions options, string applicationName, string name) => ServiceName.Normalize(
        options.ServiceName ?? FromApplicationName(name.Length == 0 ? applicationName : $"{applicationName}-{name}"));

    /// <summary><c>{service}-{host}-{port}</c>: the same after a restart on the same port, so that no stale twin is left behind.</summary>
    public static string InstanceId(string serviceName, string machineName, Uri preferred)
    {
        var host = string.Concat(machineName.ToLowerInvariant().Select(c => ServiceName.IsInstanceId(c.ToString()) ? c : '-'));
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{serviceName}-{host}-{preferred.Port}");
    }
}
