#!/usr/bin/env bash
# Writes what the compiler sees as public into each project's PublicAPI.Unshipped.txt, for review in the diff.
# Usage: src/update-public-api.sh [PROJECT_FOLDER ...]   (default: every project in src)
set -euo pipefail
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- */
for folder in "$@"; do
  folder=$(basename "$folder")
  api=$folder/PublicAPI.Unshipped.txt
  [ -f "$folder/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$folder/PublicAPI.Shipped.txt"
  echo '#nullable enable' > "$api"
  log=$(dotnet build "$folder" --no-incremental -nologo -p:TreatWarningsAsErrors=false -p:BuildProjectReferences=true 2>&1 || true)
  symbols=$(grep -E 'RS0016|RS0036' <<<"$log" | grep -F "/$folder/" | sed -E "s/.*Symbol '(.*)' is (not part of the declared public API|missing nullability).*/\1/" | LC_ALL=C sort -u || true)
  [ -z "$symbols" ] || printf '%s\n' "$symbols" >> "$api"
  echo "$folder: $(($(wc -l < "$api") - 1)) public symbols"
done
