"""Seconds, peak memory and size of building a full gazetteer, and what loading it costs beside the packaged one.

    python bench/speed/gazetteer.py [--rows 12000000] [--alternates 16000000] [--everything] [--keep FOLDER]

Writes zips in the format of GeoNames with invented names: syllables in the shares that matter for the build (repeated names,
accents, other scripts, feature classes, countries, people unknown for most). Builds from them in a process of its own,
then opens and asks the result and the packaged table, each in a fresh process. Prints one JSON object. The temporary files
(6 GB for the full size) are removed; ``--keep`` puts all of them, the result too, into a folder and leaves them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dragoman.resolve.gazetteer import PACKAGED
from dragoman.resolve.gazetteer.geonames import load_country_codes

SYLLABLES = (
    "ba be bi bo da de di do du fa ga gi go ha he hu ja jo ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu "
    "pa pe po ra re ri ro ru sa se si so su ta te ti to tu va ve vi wa wi ya yo za ze zi zo zu bar der gan hal kor mar nor "
    "pol ran sel tan ver"
).split()
ACCENTS = str.maketrans("aeiouz", "áéíóúž")
CYRILLIC = str.maketrans("abdefghijklmnoprstuvwyz", "абдефгхийклмнопрстувуыз")
# (class, code, share of rows): about those of allCountries.
FEATURES = [
    ("P", "PPL", 36), ("P", "PPLX", 3), ("P", "PPLA4", 1), ("P", "PPLA2", 0.4), ("P", "PPLQ", 1), ("S", "FRM", 6),
    ("S", "SCH", 5), ("S", "HTL", 4), ("S", "CH", 3), ("S", "BLDG", 2), ("S", "AIRP", 0.3), ("S", "DAM", 0.6),
    ("H", "STM", 11), ("H", "STMI", 2), ("H", "LK", 4), ("H", "SPNG", 2), ("H", "BAY", 0.5), ("T", "HLL", 4), ("T", "MT", 4),
    ("T", "ISL", 1.5), ("T", "VAL", 1), ("L", "LCTY", 2), ("L", "PRK", 1), ("L", "MILB", 0.05), ("A", "ADM2", 0.4),
    ("A", "ADM3", 1.5), ("A", "ADM4", 2.5), ("A", "ADM1", 0.03), ("V", "FRST", 0.5), ("R", "ST", 0.5), ("U", "SMU", 0.1),
]  # fmt: skip
ASK = """
import json, resource, sys, time
start = time.perf_counter()
from pathlib import Path
from dragoman.resolve.gazetteer import Gazetteer
def rss():
    lines = Path("/proc/self/status").read_text().splitlines()
    of = {l.split(":")[0]: int(l.split()[1]) for l in lines if l.startswith(("VmRSS", "RssAnon"))}
    return of["VmRSS"] / 1024, of["RssAnon"] / 1024
before = rss()
opened = time.perf_counter()
gazetteer = Gazetteer(Path(sys.argv[1]))
loaded = time.perf_counter()
after = rss()
names = Path(sys.argv[2]).read_text("utf-8").split("\\n")
asked = time.perf_counter()
rows = [len(gazetteer.find(n)) for n in names]
done = time.perf_counter()
end = rss()
print(json.dumps({"load_ms": round((loaded - opened) * 1000, 2), "load_rss_mb": round(after[0] - before[0], 1),
    "asked": len(names), "us_per_name": round((done - asked) / len(names) * 1e6, 1), "rows_per_name": round(sum(rows) / len(rows), 2),
    "rss_mb_after_asking": round(end[0] - before[0], 1), "private_mb_after_asking": round(end[1] - before[1], 1)}))
"""


def make_names(rng: random.Random, n: int) -> list[str]:
    """Return invented names; a quarter has accents, a third two words."""
    out = []
    for _ in range(n):
        name = "".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4)))).capitalize()
        if rng.random() < 0.33:
            name += " " + "".join(rng.choices(SYLLABLES, k=2)).capitalize()
        out.append(name.translate(ACCENTS) if rng.random() < 0.25 else name)
    return out


def place_rows(rng: random.Random, names: list[str], rows: int) -> Iterator[str]:
    """Yield rows of the table of places; low numbers of the name list come often."""
    countries = [c for c in load_country_codes() if c]
    skewed = [countries[int(len(countries) * rng.random() ** 2)] for _ in range(4096)]
    features = [f"{a}\t{b}" for a, b, _ in FEATURES]
    kinds = rng.choices(features, [s for _, _, s in FEATURES], k=65_536)
    places = [(round(rng.uniform(-60, 70), 5), round(rng.uniform(-179, 179), 5)) for _ in range(65_536)]
    step, total = 7_368_787, 2 ** (rows * 8 // 7).bit_length()  # ids neither in order nor without gaps
    for at in range(rows):
        u = rng.random()
        name = names[int(len(names) * u * u)]
        lat, lon = places[at * 31 & 65_535]
        kind = kinds[at * 17 & 65_535]
        other = names[at % len(names)] if at % 4 == 0 else ""
        people = int(200 / (u + 0.001)) if kind[0] == "P" and at % 11 == 0 else 0
        yield (
            f"{1 + at * step % total}\t{name}\t{name}\t{other}\t{lat}\t{lon}\t{kind}\t{skewed[at >> 8 & 4095]}\t\t{at % 30:02}\t"
            f"{at % 900}\t\t\t{people}\t\t{at % 2000}\tEtc/UTC\t2024-01-01\n"
        )


def name_rows(rng: random.Random, names: list[str], rows: int, places: int) -> Iterator[str]:
    """Yield rows of the table of alternate names: a fifth links and codes, a third in another script."""
    step, total = 7_368_787, 2 ** (places * 8 // 7).bit_length()
    for at in range(rows):
        u = rng.random()
        number = 1 + int(places * u * u) * step % total
        name = names[at * 7919 % len(names)]
        kind = at % 15
        if kind < 3:
            language, name = "link", f"https://example.org/wiki/{name}"
        elif kind < 8:
            language, name = "ru", name.lower().translate(CYRILLIC)
        else:
            language = "en"
        yield f"{at + 1}\t{number}\t{language}\t{name}\t\t\t\t\t\t\n"


def write_zip(path: Path, rows: Iterator[str]) -> int:
    """Write rows into a zip as GeoNames does; return the bytes unzipped."""
    size = 0
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(f"{path.stem}.txt", "w", force_zip64=True) as file,
    ):
        lines: list[str] = []
        for row in rows:
            lines.append(row)
            if len(lines) == 20_000:
                size += file.write("".join(lines).encode())
                lines.clear()
        size += file.write("".join(lines).encode())
    return size


def build(folder: Path, *, everything: bool) -> dict[str, object]:
    """Return what a build in a process of its own took."""
    words = [sys.executable, "-m", "dragoman.cli", "gazetteer", "build", str(folder / "allCountries.zip"),
             "--names", str(folder / "alternateNamesV2.zip"), "--out", str(folder / "built")]  # fmt: skip
    start = time.perf_counter()
    child = subprocess.Popen(words + ["--everything"] * everything, stdout=subprocess.PIPE)
    largest = 0
    while child.poll() is None:
        largest = max(largest, sum(f.stat().st_size for f in _files(folder / "allCountries.zip")))
        time.sleep(1.0)
    seconds = time.perf_counter() - start
    assert child.stdout is not None
    said = child.stdout.read().decode().splitlines()
    child.stdout.close()
    if child.returncode:
        sys.exit(child.returncode)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak, cpu = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
    size = sum(p.stat().st_size for p in (folder / "built").iterdir())
    return {"seconds": round(seconds), "cpu_seconds": round(cpu), "peak_rss_mb": round(peak), "most_disk_mb": round(largest / 1e6),
            "size_mb": round(size / 1e6), "said": said[:2]}  # fmt: skip


def _files(beside: Path) -> list[Path]:
    """Return the files of the build under way, beside a path."""
    found = []
    for top, _, files in os.walk(beside.parent):
        if "-building-" in top:
            found += [p for f in files if (p := Path(top) / f).exists()]
    return found


def ask(table: Path, names: Path) -> dict[str, object]:
    """Return what opening a table and asking it costs, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(table), str(names)], capture_output=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=12_000_000)
    parser.add_argument("--alternates", type=int, default=16_000_000)
    parser.add_argument("--everything", action="store_true")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="dragoman-gazetteer-"))
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < options.rows * 600:
        sys.exit(f"{folder} has {free / 1e9:.0f} GB free; {options.rows * 600 / 1e9:.0f} are needed.")
    rng = random.Random(7)
    try:
        names = make_names(rng, max(1000, options.rows // 8))
        start = time.perf_counter()
        if not (folder / "alternateNamesV2.zip").exists():
            write_zip(folder / "allCountries.zip", place_rows(rng, names, options.rows))
            write_zip(
                folder / "alternateNamesV2.zip", name_rows(rng, names, options.alternates, options.rows)
            )
        made = time.perf_counter() - start
        asked = folder / "asked"
        asked.write_text("\n".join(rng.sample(names, min(1000, len(names)))), "utf-8")
        found = {
            "rows": options.rows, "alternates": options.alternates, "everything": options.everything,
            "generated_s": round(made), "build": build(folder, everything=options.everything),
            "full": ask(folder / "built", asked), "packaged": ask(PACKAGED, asked),
        }  # fmt: skip
        print(json.dumps(found, indent=1))
    finally:
        if options.keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
