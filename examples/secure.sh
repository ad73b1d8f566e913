# The frame of examples that start a registry with certificates and an app in it. Sourced from a script beside the example's files, after "set -euo pipefail";
# makes a temporary folder, $work, that is gone afterwards with all that was started, and makes it the current one.
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
  ${QUICKSTART:-dotnet run --project examples/QuickStart} &
  local app=$!
  trap "kill $app; wait $app; exit 130" INT
  trap "kill $app; wait $app; exit 143" TERM
  wait $app
}
