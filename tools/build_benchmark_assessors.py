"""Write tests/methods/data/aibs_scores.csv: 72 grant proposals with three overall scores each.

Usage: python tools/build_benchmark_assessors.py path/to/aibs.csv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "tests" / "methods" / "data" / "aibs_scores.csv"
SOURCE = (
    "# Overall scores (1.0 best, 5.0 worst) of grant proposals reviewed by the American Institute of Biological "
    "Sciences, 2014-2017; figshare 12728087. ICC(1) = 0.371"
)


def main(path: str) -> None:
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = [(r["ID"], r["RevID"], r["Score"]) for r in csv.DictReader(file)]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(SOURCE + "\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("proposal", "reviewer", "score"))
        writer.writerows(rows)
    print(f"{TARGET.name}: {len(rows)} scores")


if __name__ == "__main__":
    main(*sys.argv[1:])
