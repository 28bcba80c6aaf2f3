#!/usr/bin/env bash
# Check the pages' source and that the committed bundle is what it builds to. Needs Node 20.19 or newer; says so where there is none.
set -euo pipefail
cd "$(dirname "$0")/../web"
static=../src/dragoman/serve/static
if ! command -v node >/dev/null || ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
  echo 'web-check: skipped; it needs Node 20.19 or newer. The committed bundle is used as it is.'
  exit 0
fi
if [ ! -d node_modules ]; then
  npm ci --no-audit --no-fund --silent || { echo 'web-check: skipped; the packages of web/ could not be had (npm ci).'; exit 0; }
fi
npm run --silent check
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
npx vite build --logLevel error --outDir "$built" --emptyOutDir
if ! diff -rq "$built" "$static"; then
  echo 'web-check: the bundle in src/dragoman/serve/static is not what web/ builds to. Build it: make web'
  exit 1
fi
echo "web-check: the bundle is what web/ builds to ($(cat "$static"/assets/* "$static"/index.html | gzip -c | wc -c | awk '{printf "%.0f", $1 / 1000}') kB compressed)."
