"""How fast a gmina's standing changes: the basis of the wider interval of old figures (`krzew.places.matrix.AGEING`).

Prints, for spans of years, by how many robust standard deviations the position in unemployment moved.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[1] / "src" / "krzew" / "places" / "data"
SPANS = (1, 2, 5, 10, 15, 20)


def table(indicator: str) -> dict[int, dict[str, float]]:
    """Year -> gmina -> value."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    with gzip.open(DATA / "values.csv.gz", "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["indicator"] == indicator and len(row["code"]) == 6 and row["value"]:
                found[int(row["year"])][row["code"]] = float(row["value"])
    return found


def robust(x: np.ndarray, axis: int | None = None) -> np.ndarray:
    return 1.4826 * np.nanmedian(np.abs(x - np.nanmedian(x, axis=axis, keepdims=True)), axis=axis)


def main() -> None:
    unemployed, population = table("unemployed"), table("population")[2024]
    years = sorted(unemployed)
    codes = [c for c in population if all(c in unemployed[y] for y in years)]
    share = np.array([[unemployed[y][c] / population[c] for y in years] for c in codes])
    position = (share - np.median(share, axis=0)) / robust(share, axis=0)
    for span in SPANS:
        moved = float(robust(position[:, span:] - position[:, :-span]))
        print(f"{span:3d} years: {moved:.3f} deviations, {moved / span**0.5:.3f} per square root of a year")


if __name__ == "__main__":
    main()
