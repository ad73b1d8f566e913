#!/usr/bin/env bash
# A Consul that denies by default, speaks https only and asks for client certificates, and a QuickStart that may do in it what it needs
# and no more. Everything it makes is in a temporary folder that is gone afterwards; Ctrl+C ends both.
#   CONSUL  the program, where it is not on the PATH          HTTPS_PORT, SERVER_PORT, SERF_PORT  where Consul listens (8501, 8300, 8301)
#   QUICKSTART  how the app is run                            ASPNETCORE_URLS  where it listens
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../secure.sh" # $here, $work, make_ca, make_certificate, run_quickstart
consul=${CONSUL:-consul}
port=${HTTPS_PORT:-8501}
need "$consul" openssl

make_ca
make_certificate server "subjectAltName=DNS:server.dc1.consul,DNS:localhost,IP:127.0.0.1" "extendedKeyUsage=serverAuth,clientAuth"
make_certificate quickstart "subjectAltName=DNS:quickstart" "extendedKeyUsage=clientAuth"

management=$(cat /proc/sys/kernel/random/uuid)
(umask 077 && echo "$management" > management-token)
cat > consul.json << JSON
{
  "server": true, "bootstrap_expect": 1, "data_dir": "$work/data", "bind_addr": "127.0.0.1", "disable_update_check": true,
  "performance": { "raft_multiplier": 1 },
  "ports": { "http": -1, "https": $port, "server": ${SERVER_PORT:-8300}, "serf_lan": ${SERF_PORT:-8301}, "serf_wan": -1, "dns": -1, "grpc": -1 },
  "ca_file": "$work/ca.crt", "cert_file": "$work/server.crt", "key_file": "$work/server.key", "verify_incoming_https": true,
  "acl": { "enabled": true, "default_policy": "deny", "tokens": { "master": "$management", "agent": "$management" } }
}
JSON
setsid "$consul" agent -config-file consul.json > consul.log 2>&1 &

# What the operator does once: the app's policy, and a token with it.
export CONSUL_HTTP_ADDR=https://127.0.0.1:$port CONSUL_CACERT=ca.crt CONSUL_CLIENT_CERT=quickstart.crt CONSUL_CLIENT_KEY=quickstart.key
export CONSUL_HTTP_TOKEN=$management
await $! consul.log "$consul" acl policy create -name quickstart -rules "@$here/quickstart.hcl"
"$consul" acl token create -description quickstart -policy-name quickstart -format json > token.json
(umask 077 && sed -n 's/.*"SecretID": "\(.*\)".*/\1/p' token.json > token)
unset CONSUL_HTTP_TOKEN CONSUL_HTTP_ADDR CONSUL_CACERT CONSUL_CLIENT_CERT CONSUL_CLIENT_KEY
echo "Consul serves at https://127.0.0.1:$port, with nothing in clear and nobody anonymous"

# What the app is given.
export Discovery__Provider=Consul Discovery__RequireSecureRegistry=true
export Discovery__Consul__Address=https://127.0.0.1:$port Discovery__Consul__TokenFile=$work/token
export Discovery__Consul__Tls__CaCertificatePath=$work/ca.crt
export Discovery__Consul__Tls__ClientCertificatePath=$work/quickstart.crt Discovery__Consul__Tls__ClientKeyPath=$work/quickstart.key
run_quickstart
