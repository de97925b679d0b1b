"""Compact tables for the tests of location: OR-Library p-medians and the San Francisco stores of spopt.

Run once, with the folder that holds `pmedian/` and `location_sf/`:
`python tools/build_benchmark_location.py FOLDER`.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "tests" / "methods" / "data"
PMEDIAN = (
    "OR-Library, uncapacitated p-medians 1 to 10 (J. E. Beasley, J. Opl Res. Soc. 41, 1990), edges as in the files; "
    "MIT licence."
)
STORES = (
    "Network distance in metres from 205 census tracts to 16 candidate stores in San Francisco, and people; "
    "from spopt (PySAL, BSD-3-Clause)."
)
PROBLEMS = range(1, 11)


def write(name: str, source: str, rows: list[list[object]]) -> None:
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {source}\n")
        csv.writer(file, lineterminator="\n").writerows(rows)


def p_medians(folder: Path) -> list[list[object]]:
    """One line a problem: number, vertices, p, optimum, then the edges `i-j:cost` in the order of the file."""
    lines = (folder / "optima.txt").read_text().splitlines()[1:]
    optima = dict(line.split() for line in lines if line.strip())
    rows: list[list[object]] = [["problem", "vertices", "p", "optimum", "edges"]]
    for k in PROBLEMS:
        head, *edges = [
            line.split() for line in (folder / f"pmed{k}.txt").read_text().splitlines() if line.strip()
        ]
        joined = " ".join(f"{i}-{j}:{cost}" for i, j, cost in edges)
        rows.append([k, head[0], head[2], optima[f"pmed{k}"], joined])
    return rows


def stores(folder: Path) -> list[list[object]]:
    """One line a tract: its people and the distances to stores 1 to 16."""
    with (folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv").open() as file:
        lines = list(csv.DictReader(file))
    names = sorted({line["name"] for line in lines}, key=lambda name: int(name.split("_")[1]))
    tracts = sorted({line["DestinationName"] for line in lines})
    distance = {(line["DestinationName"], line["name"]): round(float(line["distance"]), 3) for line in lines}
    people = {line["DestinationName"]: line["demand"] for line in lines}
    rows: list[list[object]] = [["people", *names]]
    return rows + [[people[t], *(distance[t, name] for name in names)] for t in tracts]


if __name__ == "__main__":
    source = Path(sys.argv[1])
    write("pmedian.csv", PMEDIAN, p_medians(source / "pmedian"))
    write("san_francisco.csv", STORES, stores(source / "location_sf"))
