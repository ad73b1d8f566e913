#!/usr/bin/env bash
# Builds everything once and runs all tests, those against real servers included (fetched into .servers/ when absent).
#   --slow      also runs the tests of trait Category=Slow
#   --no-skip   a server that is missing is a failure, not a reason to skip
#   --soak [MINUTES]  runs nothing but the soak, for 30 minutes unless told otherwise: apps in Consul, in etcd and in both, through one fault
#               after another; it prints its seed and what it does. Its report is tests/Discovery.EndToEnd.Tests/bin/Release/net10.0/soak.md.
#   --seed N    the soak's faults are those of an earlier one
#   --repeat N  runs the tests N times in a row, or until one fails; the last line counts all runs
# All other arguments go to the runner, such as --filter-class '*ConsulServerTests' or --filter-method.
# What failed is told once more at the end, below all that the runner says. The last line is always "N passed, N failed, N skipped";
# the exit code is 0 only when tests ran and none failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

slow=no
soak=no
runs=1
own_query=no
timeout=20m # for each test assembly; the longest took 12 to 15 on a slow machine of two cores
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --slow) slow=yes ;;
    --no-skip) export DISCOVERY_REQUIRE_SERVERS=1 ;;
    --soak)
      soak=yes
      export DISCOVERY_SOAK_MINUTES=30
      if [[ ${2-} =~ ^[0-9]+$ ]]; then
        DISCOVERY_SOAK_MINUTES=$2
        shift
      fi
      timeout=$((DISCOVERY_SOAK_MINUTES + 15))m
      ;;
    --seed)
      export DISCOVERY_SOAK_SEED=${2:?--seed needs a number}
      shift
      ;;
    --repeat)
      runs=${2:?--repeat needs a number}
      shift
      ;;
    --filter-query*) own_query=yes; arguments+=("$1") ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
if [ "$soak" = yes ]; then
  arguments+=(--explicit only --filter-class '*.Soak.SoakTests')
# The runner refuses a query together with other filters: whoever writes one says what is slow in it.
elif [ "$own_query" = no ]; then
  arguments+=(--filter-not-trait Category=Soak)
  [ "$slow" = yes ] || arguments+=(--filter-not-trait Category=Slow)
fi

finish() { # CODE PASSED FAILED SKIPPED
  echo "$2 passed, $3 failed, $4 skipped"
  exit "$1"
}

bash tests/fetch-servers.sh || echo "tests/run.sh: not every server is there, see above" >&2
dotnet build Discovery.Hosting.sln -c Release -v quiet -clp:NoSummary || finish 1 0 0 0

log=$(mktemp)
follower=
trap 'rm -f "$log"; [ -z "$follower" ] || kill "$follower"' EXIT
if [ "$soak" = yes ]; then
  soak_log=tests/Discovery.EndToEnd.Tests/bin/Release/net10.0/soak.log
  : > "$soak_log"
  tail -n +1 -f "$soak_log" &
  follower=$!
fi
count() { awk -v name="$1:" '/^Test run summary:/ { found = 1 } found && $1 == name { n = $2 } END { print n + 0 }' "$log"; }

# The runner's lines on each test that failed: its name, and what is indented below it.
failures() { awk '/^[^[:space:]]/ { inside = /^failed / } inside' "$log"; }

passed=0
failed=0
skipped=0
for ((run = 1; run <= runs; run++)); do
  [ "$runs" = 1 ] || echo "tests/run.sh: run $run of $runs"
  # An assembly in which nothing matches is no failure (code 8); that nothing ran at all is found out below.
  dotnet test --solution Discovery.Hosting.sln --no-build -c Release --max-parallel-test-modules 1 --no-progress --no-ansi \
    --ignore-exit-code 8 --timeout "$timeout" "${arguments[@]}" 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  passed=$((passed + $(count succeeded)))
  failed=$((failed + $(count failed)))
  skipped=$((skipped + $(count skipped)))
  [ "$code" = 0 ] && [ "$failed" = 0 ] || break
done

if [ -n "$follower" ]; then
  kill "$follower"
  wait "$follower" 2> /dev/null
  follower=
fi
[ "$failed" = 0 ] || { echo && echo "tests/run.sh: what failed, once more" && failures; }

[ "$code" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ] && finish 0 "$passed" "$failed" "$skipped"
[ "$code" != 0 ] && [ "$failed" = 0 ] && echo "tests/run.sh: the runner ended with code $code" >&2
[ "$code" = 0 ] && [ "$passed" = 0 ] && [ "$failed" = 0 ] && echo "tests/run.sh: no test ran" >&2
finish 1 "$passed" "$failed" "$skipped"
