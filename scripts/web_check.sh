#!/usr/bin/env bash
# Check the pages' source and that the committed bundle is what it builds to, byte for byte. Says why it is skipped where there is no
# Node or its packages cannot be had; fails instead with PAGES=required.
set -euo pipefail
cd "$(dirname "$0")/../web"
static=../src/dragoman/serve/static
node=../scripts/node.sh
skip() {
  echo "web-check: skipped; $1. The committed bundle is used as it is."
  [ "${PAGES:-}" != required ] || exit 1
  exit 0
}
bash $node node --version >/dev/null || skip 'it needs Node'
if [ ! -d node_modules ]; then
  bash $node npm ci --no-audit --no-fund --silent || skip 'the packages of web/ could not be had (npm ci)'
fi
bash $node npm run --silent check
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
bash $node npm run --silent build -- --logLevel error --outDir "$built" --emptyOutDir
if ! diff -rq "$built" "$static"; then
  echo 'web-check: the bundle in src/dragoman/serve/static is not what web/ builds to. Build it: make web'
  exit 1
fi
echo "web-check: the bundle is what web/ builds to ($(cat "$static"/assets/* "$static"/index.html | gzip -c | wc -c | awk '{printf "%.0f", $1 / 1000}') kB compressed)."
