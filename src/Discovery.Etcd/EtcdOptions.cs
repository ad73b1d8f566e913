using Discovery.Configuration;
using Discovery.Security;

namespace Discovery.Etcd;

/// <summary>Where etcd is and how its keys are laid out: the section <c>Discovery:Etcd</c>.</summary>
public sealed class EtcdOptions
{
    /// <summary>The section that the options are bound to.</summary>
    public const string SectionName = "Discovery:Etcd";

    /// <summary>The client URLs of the cluster's members, http or https. Empty stands for <c>http://127.0.0.1:2379</c>.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>The etcd user, or null where etcd asks for none. Needs <see cref="Password"/> or <see cref="PasswordFile"/>.</summary>
    public string? Username { get; set; }

    /// <summary>The user's password. Never logged.</summary>
    public string? Password { get; set; }

    /// <summary>A file that holds the password, read again whenever a token is asked for after the file has changed.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>What every key starts with, without the slash that follows it; null for the layout's own (<c>/services</c>).</summary>
    public string? KeyPrefix { get; set; }

    /// <summary>
    /// How keys and values are laid out, both written and read: <c>Default</c> (ours; the default), or as <c>Kratos</c>, <c>GoMicro</c>,
    /// <c>GoZero</c>, <c>Kitex</c>, <c>Hertz</c> or <c>GrpcNaming</c> (etcd's own <c>client/v3/naming</c>) have it.
    /// </summary>
    public string Layout { get; set; } = "Default";

    /// <summary>Further layouts that every registration is written in: under the same lease, together, and below the layouts' own prefixes.</summary>
    public IList<string> AlsoWrite { get; } = [];

    /// <summary>TLS towards https endpoints.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Names the members, never a secret.</summary>
    public override string ToString() => $"Etcd {string.Join(',', Endpoints.Select(SettingFormat.WithoutUser))}";
}
