using Grpc.Core;

namespace Discovery.Etcd.Channels;

/// <summary>The connections to one member that are let go of together: disposing it breaks every call and stream on them.</summary>
internal interface IEtcdChannel : IDisposable
{
    /// <summary>For one call, or one stream.</summary>
    /// <exception cref="ObjectDisposedException">It was let go of.</exception>
    CallInvoker CreateInvoker();
}
