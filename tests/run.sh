#!/usr/bin/env bash
# Builds everything once and runs all tests, those against real servers included (fetched into .servers/ when absent).
#   --slow      also runs the tests of trait Category=Slow
#   --no-skip   a server that is missing is a failure, not a reason to skip
# All other arguments go to the runner, such as --filter-class '*ConsulServerTests' or --filter-method.
# The last line is always "N passed, N failed, N skipped"; the exit code is 0 only when tests ran and none failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

slow=no
own_query=no
arguments=()
for argument in "$@"; do
  case $argument in
    --slow) slow=yes ;;
    --no-skip) export DISCOVERY_REQUIRE_SERVERS=1 ;;
    --filter-query*) own_query=yes; arguments+=("$argument") ;;
    *) arguments+=("$argument") ;;
  esac
done
# The runner refuses a query together with other filters: whoever writes one says what is slow in it.
[ "$slow" = no ] && [ "$own_query" = no ] && arguments+=(--filter-not-trait Category=Slow)

finish() { # CODE PASSED FAILED SKIPPED
  echo "$2 passed, $3 failed, $4 skipped"
  exit "$1"
}

bash tests/fetch-servers.sh || echo "tests/run.sh: not every server is there, see above" >&2
dotnet build Discovery.Hosting.sln -c Release -v quiet -clp:NoSummary || finish 1 0 0 0

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# An assembly in which nothing matches is no failure (code 8); that nothing ran at all is found out below.
dotnet test --solution Discovery.Hosting.sln --no-build -c Release --max-parallel-test-modules 1 --no-progress --no-ansi \
  --ignore-exit-code 8 --timeout 15m "${arguments[@]}" 2>&1 | tee "$log"
code=${PIPESTATUS[0]}

count() { awk -v name="$1:" '/^Test run summary:/ { found = 1 } found && $1 == name { n = $2 } END { print n + 0 }' "$log"; }
passed=$(count succeeded)
failed=$(count failed)
skipped=$(count skipped)
[ "$code" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ] && finish 0 "$passed" "$failed" "$skipped"
[ "$code" != 0 ] && [ "$failed" = 0 ] && echo "tests/run.sh: the runner ended with code $code" >&2
[ "$code" = 0 ] && [ "$passed" = 0 ] && [ "$failed" = 0 ] && echo "tests/run.sh: no test ran" >&2
finish 1 "$passed" "$failed" "$skipped"
