# The frame of examples that start a registry with certificates and an app in it. Sourced from a script beside the example's files, after "set -euo pipefail";
# makes a temporary folder, $work, that is gone afterwards with all that was started, and makes it the current one.
need() { # PROGRAM...: says which are not there, before anything is started
  local program missing=
  for program in "$@"; do
    command -v "$program" > /dev/null || missing+=" $program"
  done
  [ -z "$missing" ] || { echo "This example needs, on the PATH or named as the script's first lines say:$missing" >&2; exit 127; }
}

# Tries until a command succeeds; where it does not in half a minute, or what it waits for (a job) has ended, shows that one's log and ends.
await() { # PID LOG COMMAND...
  local pid=$1 log=$2
  shift 2
  for _ in $(seq 150); do
    "$@" > await.log 2>&1 && return
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.2 # it takes some seconds to elect itself
  done
  { cat await.log; tail -n 5 "$log"; echo "It does not serve, see above: is another one on its ports? The script's first lines name them."; } >&2
  exit 1
}

here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
work=$(mktemp -d)
trap 'trap - EXIT; kill $(jobs -p) 2> /dev/null || true; wait || true; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
source "$here/../certificates.sh" # make_ca, make_certificate
cd "$work"

# Runs the app until it ends, or until this script is told to. Ctrl+C reaches the script only (the registry is started with setsid; what runs
# behind & ignores SIGINT), so that the app leaves the registry before that is stopped.
run_quickstart() {
  cd "$here/../.."
  echo "Certificates and secrets are in $work; the app follows, once it is built"
  ${QUICKSTART:-dotnet run --project examples/QuickStart} &
  local app=$!
  trap "kill $app; wait $app; exit 130" INT
  trap "kill $app; wait $app; exit 143" TERM
  wait $app
}
