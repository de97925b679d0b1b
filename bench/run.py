"""Run every benchmark and write bench/results.json. Each `bench/*_*.py` module brings `run() -> list[dict]`."""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent


def machine() -> dict[str, object]:
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": "make bench",
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
    }


def main() -> int:
    rows: list[dict[str, object]] = []
    for path in sorted(FOLDER.glob("*_*.py")):
        if path.stem.startswith("__"):
            continue
        print(f"· {path.stem}")
        for row in importlib.import_module(f"bench.{path.stem}").run():
            rows.append(row)
            print("   " + "  ".join(f"{key}={_short(value)}" for key, value in row.items()))
    target = FOLDER / "results.json"
    target.write_text(
        json.dumps({"machine": machine(), "results": rows}, indent=1, ensure_ascii=False) + "\n"
    )
    print(f"written: {target.relative_to(FOLDER.parent)}")
    missed = [row["name"] for row in rows if row.get("met") is False]
    if missed:
        print("below the target: " + ", ".join(map(str, missed)))
    return 0


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
