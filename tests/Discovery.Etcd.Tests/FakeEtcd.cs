using System.Buffers.Binary;
using Discovery.Testing;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Discovery.Etcd.Tests;

/// <summary>What answers as a real etcd never would: gRPC over HTTP/2, written by hand.</summary>
internal static class FakeEtcd
{
    /// <summary>A header as etcd's, at a revision.</summary>
    public static ResponseHeader Header(long revision = 5) => new() { ClusterId = 1, MemberId = 1, RaftTerm = 1, Revision = revision };

    public static Task<FakeServer> StartAsync(RequestDelegate answer) => FakeServer.StartAsync(answer, HttpProtocols.Http2);

    /// <summary>Answers a call with these messages and a status of its own.</summary>
    public static async Task AnswerAsync(HttpContext context, IEnumerable<IMessage> messages, int status = 0, string? text = null)
    {
        Begin(context);
        foreach (var message in messages)
        {
            await WriteAsync(context, message);
        }

        End(context, status, text);
    }

    public static void Begin(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
    }

    public static void End(HttpContext context, int status = 0, string? text = null)
    {
        context.Response.AppendTrailer("grpc-status", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (text is not null)
        {
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(text));
        }
    }

    public static Task WriteAsync(HttpContext context, IMessage message) => WriteAsync(context, message.ToByteArray());

    public static async Task WriteAsync(HttpContext context, byte[] message, uint? declaredLength = null, byte compressed = 0)
    {
        var frame = new byte[5];
        frame[0] = compressed;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), declaredLength ?? (uint)message.Length);
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Keeps a stream open until the client lets go of it.</summary>
    public static Task HoldAsync(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
}
