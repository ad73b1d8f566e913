#!/usr/bin/env bash
# An etcd with users and roles that asks for client certificates, and a QuickStart that may do in it what it needs and no more.
# Everything it makes is in a temporary folder that is gone afterwards; Ctrl+C ends both.
#   ETCD, ETCDCTL  the programs, where they are not on the PATH    CLIENT_PORT, PEER_PORT  where etcd listens (2379, 2380)
#   QUICKSTART  how the app is run                                 ASPNETCORE_URLS  where it listens
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../secure.sh" # $here, $work, make_ca, make_certificate, run_quickstart
port=${CLIENT_PORT:-2379}
need "${ETCD:-etcd}" "${ETCDCTL:-etcdctl}" openssl

make_ca
make_certificate server "subjectAltName=DNS:localhost,IP:127.0.0.1" "extendedKeyUsage=serverAuth,clientAuth"
make_certificate client "subjectAltName=DNS:quickstart" "extendedKeyUsage=clientAuth"

setsid "${ETCD:-etcd}" --data-dir data --listen-client-urls "https://127.0.0.1:$port" --advertise-client-urls "https://127.0.0.1:$port" \
  --listen-peer-urls "http://127.0.0.1:${PEER_PORT:-2380}" --initial-advertise-peer-urls "http://127.0.0.1:${PEER_PORT:-2380}" \
  --initial-cluster "default=http://127.0.0.1:${PEER_PORT:-2380}" \
  --trusted-ca-file ca.crt --cert-file server.crt --key-file server.key --client-cert-auth > etcd.log 2>&1 &

# What the operator does once: users, a role, access control on.
export ETCDCTL_API=3
ctl() { "${ETCDCTL:-etcdctl}" --endpoints "https://127.0.0.1:$port" --cacert ca.crt --cert client.crt --key client.key "$@" > /dev/null; }
await $! etcd.log ctl endpoint health
(umask 077 && openssl rand -hex 16 > password)
(umask 077 && openssl rand -hex 16 > root-password)
ctl user add root --interactive=false < root-password
ctl user grant-role root root
ctl role add quickstart
ctl role grant-permission quickstart --prefix=true readwrite /services/quickstart/
ctl role grant-permission quickstart --prefix=true read /services/ # it shows all services; an app that calls only some names those
ctl user add quickstart --interactive=false < password
ctl user grant-role quickstart quickstart
ctl auth enable
echo "etcd serves at https://127.0.0.1:$port, with nothing in clear and nobody anonymous"

# What the app is given.
export Discovery__Provider=Etcd Discovery__RequireSecureRegistry=true
export Discovery__Etcd__Endpoints__0=https://127.0.0.1:$port Discovery__Etcd__Username=quickstart Discovery__Etcd__PasswordFile=$work/password
export Discovery__Etcd__Tls__CaCertificatePath=$work/ca.crt
export Discovery__Etcd__Tls__ClientCertificatePath=$work/client.crt Discovery__Etcd__Tls__ClientKeyPath=$work/client.key
run_quickstart
