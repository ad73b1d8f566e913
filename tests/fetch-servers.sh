#!/usr/bin/env bash
# Unpacks the real registries that the tests run against, clients of them in other languages, and a browser, into .servers/ at the repository's root. Installs nothing:
# Debian's packages are fetched by the machine's own apt configuration (mirror, proxy) with a private apt state.
# Safe to run again, and twice at once. CONSUL_BIN, ETCD_BIN, ETCD34_BIN, PROMETHEUS_BIN, CHROMIUM_BIN and the PATH win over what it would fetch.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
servers=$root/.servers
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The Debian archive of this machine, from its own sources. Needs no downloaded lists, no root and no network.
mirrors() {
  apt-get --print-uris update 2>/dev/null | sed -n "s|^'\([^']*\)/dists/.*|\1|p" | grep -v security | awk '!seen[$0]++'
}

# unpack WHAT SUITE FOLDER PACKAGE...: puts the packages' "programs", or their whole "tree", of that suite into .servers/FOLDER.
unpack() {
  local what=$1 suite=$2 folder=$3 mirror work
  shift 3
  [ -d "$servers/$folder" ] && return 0
  work=$(mktemp -d "$servers/.fetch.XXXXXX") # moved into place when whole: whoever is interrupted leaves nothing half done
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/tree" "$work/bin"
  local apt=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User= -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=3 -o APT::Update::Error-Mode=any)
  for mirror in $(mirrors); do
    echo "deb [signed-by=$keyring] $mirror $suite main" > "$work/sources.list"
    if apt-get "${apt[@]}" -qq update && (cd "$work/debs" && apt-get "${apt[@]}" -qq download "$@") &&
      find "$work/debs" -name '*.deb' -exec dpkg -x {} "$work/tree" \; &&
      keep "$what" "$work" "$servers/$folder"; then
      rm -rf "$work"
      return 0
    fi
  done 2>> "$work/apt.log"
  echo "fetch-servers: could not fetch $* from Debian $suite:" >&2
  sed 's/^/  /' "$work/apt.log" >&2
  rm -rf "$work"
  return 1
}

keep() {
  case $1 in
    programs) cp "$2"/tree/usr/bin/* "$2/bin/" && mv "$2/bin" "$3" ;;
    tree) rm -rf "$2/tree/usr/share/doc" && mv "$2/tree" "$3" ;;
  esac
}

# Puts Chromium with the libraries that this machine lacks into .servers/chromium, and a program beside them that finds them there.
# Of the machine's own release, whose other libraries it was built for.
unpack_chromium() {
  local suite mirror work to=$servers/chromium
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  work=$(mktemp -d "$servers/.fetch.XXXXXX")
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/tree"
  local apt=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User= -o Acquire::Languages=none -o Debug::NoLocking=1
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=3 -o APT::Update::Error-Mode=any)
  for mirror in $(mirrors); do
    echo "deb [signed-by=$keyring] $mirror $suite main" > "$work/sources.list"
    if apt-get "${apt[@]}" -qq update &&
      apt-get "${apt[@]}" -qq -y --no-install-recommends --reinstall --download-only install chromium fonts-dejavu-core > /dev/null &&
      find "$work/cache/archives" -name '*.deb' -exec dpkg -x {} "$work/tree" \; && [ -x "$work/tree/usr/lib/chromium/chromium" ]; then
      cat > "$work/tree/chromium" << 'PROGRAM'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
libraries=$(find "$here/usr/lib" "$here/lib" -maxdepth 3 -name '*.so*' -exec dirname {} + 2> /dev/null | sort -u | tr '\n' ':')
export LD_LIBRARY_PATH="$libraries$LD_LIBRARY_PATH" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/usr/lib/chromium/chromium" "$@"
PROGRAM
      cat > "$work/tree/fonts.conf" << 'FONTS'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
FONTS
      chmod +x "$work/tree/chromium" && mv "$work/tree" "$to"
      rm -rf "$work"
      return 0
    fi
  done 2>> "$work/apt.log"
  echo "fetch-servers: could not fetch chromium from Debian $suite:" >&2
  sed 's/^/  /' "$work/apt.log" >&2
  rm -rf "$work"
  return 1
}

# What looks for faults of accessibility in pages.
fetch_axe() {
  local work
  work=$(mktemp -d "$servers/.fetch.XXXXXX")
  if (cd "$work" && npm pack axe-core@4.14.1 --silent > pack.log && tar xzf axe-core-*.tgz) && mkdir -p "$work/axe" &&
    cp "$work/package/axe.min.js" "$work/package/LICENSE" "$work/axe/" && mv "$work/axe" "$servers/axe"; then
    rm -rf "$work"
    return 0
  fi
  echo "fetch-servers: could not fetch axe-core with npm; tests that need it are skipped." >&2
  rm -rf "$work"
  return 1
}

has() { [ -n "${!1:-}" ] || command -v "$2" > /dev/null; }

mkdir -p "$servers"
exec 9> "$servers/.lock"
flock 9
rm -rf "$servers"/.fetch.*

missing=0
fetch() {
  [ -d "$servers/$3" ] && return 0
  if ! command -v apt-get > /dev/null || ! command -v dpkg > /dev/null || [ ! -r "$keyring" ]; then
    echo "fetch-servers: no $3: this is not a Debian machine with apt. Install it and set CONSUL_BIN, ETCD_BIN, PROMETHEUS_BIN or the PATH; tests that need it are skipped." >&2
    missing=1
    return 0
  fi
  echo "fetch-servers: fetching $3" >&2
  unpack "$@" || missing=1
}

has CONSUL_BIN consul || fetch programs bullseye consul consul
has ETCD_BIN etcd || fetch programs trixie etcd-3.5 etcd-server etcd-client
[ -n "${ETCD34_BIN:-}" ] || fetch programs bookworm etcd-3.4 etcd-server etcd-client
# Later builds of Debian's leave the service discovery of Consul out, so what is on the PATH may not do.
[ -n "${PROMETHEUS_BIN:-}" ] || fetch programs bullseye prometheus prometheus
# Go with what the client of etcd 3.4 needs to be compiled, as far as it is imported; and Python with the clients of Consul and etcd.
fetch tree bookworm go golang-1.19-go golang-1.19-src golang-etcd-server-dev golang-github-coreos-go-semver-dev golang-github-coreos-go-systemd-dev \
  golang-github-coreos-pkg-dev golang-github-gogo-protobuf-dev golang-github-golang-protobuf-1-3-dev golang-github-google-uuid-dev \
  golang-go.uber-atomic-dev golang-go.uber-multierr-dev golang-go.uber-zap-dev golang-golang-x-net-dev golang-golang-x-sys-dev golang-golang-x-text-dev \
  golang-google-genproto-dev golang-google-grpc-dev
fetch tree bookworm python python3.11-minimal libpython3.11-minimal libpython3.11-stdlib libexpat1 libffi8 libssl3 libbz2-1.0 liblzma5 zlib1g libuuid1 libcrypt1 \
  libstdc++6 libgcc-s1 libabsl20220623 libc-ares2 libprotobuf32 libre2-9 python3-consul python3-requests python3-urllib3 python3-certifi python3-chardet \
  python3-charset-normalizer python3-idna python3-six python3-etcd3 python3-grpcio python3-protobuf python3-tenacity python3-pkg-resources
if ! has CHROMIUM_BIN chromium && [ ! -d "$servers/chromium" ]; then
  if command -v apt-get > /dev/null && command -v dpkg > /dev/null && [ -r "$keyring" ]; then
    echo "fetch-servers: fetching chromium" >&2
    unpack_chromium || missing=1
  else
    echo "fetch-servers: no chromium: this is not a Debian machine with apt. Install it and set CHROMIUM_BIN or the PATH; tests that need it are skipped." >&2
    missing=1
  fi
fi
if [ -z "${AXE_JS:-}" ] && [ ! -d "$servers/axe" ]; then
  if command -v npm > /dev/null; then
    echo "fetch-servers: fetching axe" >&2
    fetch_axe || missing=1
  else
    echo "fetch-servers: no axe-core: there is no npm. Set AXE_JS to its axe.min.js; tests that need it are skipped." >&2
    missing=1
  fi
fi
exit $missing
