"""Run the benchmarks, show them as a table and write bench/results.json.

Each `bench/*_*.py` module brings `run() -> list[dict]` and runs in a process of its own, so that no peer can
disturb the next. A row names what was measured, its size, our time, the peer's time in the same run, their
ratio and whether both gave the same result.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
PACKAGES = (
    *(
        "numpy",
        "scipy",
        "numba",
        "highspy",
        "ortools",
        "access",
        "causalml",
        "dowhy",
        "lifelines",
        "matching",
    ),
    *("pulp", "pymcdm", "rank-bm25", "spopt", "statsmodels"),
)
Row = dict[str, Any]


def modules() -> list[str]:
    """Names of the benchmark modules, in alphabetical order."""
    return [path.stem for path in sorted(FOLDER.glob("*_*.py")) if not path.stem.startswith("__")]


def machine() -> Row:
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": "make bench",
        "processors": os.cpu_count(),
        "blas_threads": 1,
        "python": platform.python_version(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "versions": dict(versions()),
    }


def versions() -> Iterator[tuple[str, str]]:
    """Versions of what is compared; a peer that is not installed is left out."""
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            yield name, version(name)


def measured(module: str) -> list[Row]:
    """The rows of one module, from a process of its own; a failure is a row that says so."""
    command = [sys.executable, "-m", "bench.run", module]
    environment = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **os.environ,
    }  # the same for both sides
    done = subprocess.run(command, cwd=FOLDER.parent, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        return [{"module": module, "name": module, "failed": f"exit code {done.returncode}", "met": False}]
    rows: list[Row] = json.loads(done.stdout.splitlines()[-1])
    return [{"module": module} | row for row in rows]


def earlier(out: Path, chosen: Iterable[str]) -> list[Row]:
    """What an earlier run wrote of modules that are not measured now."""
    others = set(modules()) - set(chosen)
    rows: list[Row] = json.loads(out.read_text("utf-8"))["results"] if out.exists() else []
    return [row for row in rows if row.get("module") in others]


def show(rows: Iterable[Row], console: Console) -> None:
    """One table: name, size, ours, peer, ratio, same result, target."""
    table = Table(title="Krzew beside its peers, in the same run", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("what", min_width=30)
    for name in ("size", "ours", "peer", "ratio", "same", "target"):
        table.add_column(name, justify="left" if name == "size" else "right")
    for row in rows:
        table.add_row(*cells(row))
    console.print(table)


def cells(row: Row) -> tuple[str, ...]:
    if "failed" in row or "skipped" in row:
        return (row["name"], "", "", str(row.get("failed") or row["skipped"]), "", "", "")
    peer = row.get("peer_s")
    if "p95_ms" in row:
        return _page(row)
    if "required" in row:
        target = _target(row, row["required"])
        return (row["name"], row["size"], f"{row['submissions']} sent", "", "", "", target)
    return (
        row["name"],
        str(row.get("size", "")),
        _seconds(row.get("ours_s")),
        f"{_seconds(peer)} {row.get('peer', '')}".strip() if peer else "",
        f"×{row['ratio']:.3g}" if row.get("ratio") else "",
        _same(row),
        _target(row, _wanted(row)),
    )


def _page(row: Row) -> tuple[str, ...]:
    """A page over HTTP, with the peer's page in the same run where there is one."""
    size, ratio = str(row.get("size", "")), f"×{row['ratio']:.3g}" if row.get("ratio") else ""
    ours = f"{row['p95_ms']} ms (p95), {row['queries']} queries"
    if row.get("of_peer"):
        return (row["name"], size, "", ours, "", "", "")
    theirs = f"{row['peer_p95_ms']} ms, {row['peer_queries']} queries {row['peer']}" if ratio else ""
    return (row["name"], size, ours, theirs, ratio, "", _target(row, f"< {row['budget_ms']} ms"))


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f} s" if value >= 1 else f"{1000 * value:.3g} ms"


def _same(row: Row) -> str:
    if "same" in row:
        return "yes" if row["same"] else "NO"
    apart = row.get("equal_to")
    return "" if apart is None else f"to {apart:.0e}" if apart else "yes"


def _wanted(row: Row) -> str:
    if row.get("required_ratio"):
        return f"≥ ×{row['required_ratio']}"
    if row.get("required_gap"):
        return f"gap ≤ {100 * row['required_gap']:g} %"
    return f"< {row['required_s']} s" if row.get("required_s") else ""


def _target(row: Row, wanted: str) -> str:
    met = is_met(row)
    return wanted if met is None else f"{wanted} {'met' if met else 'MISSED'}".strip()


def is_met(row: Row) -> bool | None:
    """Whether the row meets its target; None without one."""
    if row.get("met") is not None:
        return bool(row["met"])
    if row.get("required_ratio") and row.get("ratio"):
        return bool(row["ratio"] >= row["required_ratio"])
    return bool(row["ours_s"] < row["required_s"]) if row.get("required_s") else None


def main(only: Iterable[str] = (), out: Path = RESULTS, console: Console | None = None) -> int:
    """Measure all modules, or those whose name begins with a word of `only` (rows of the others stay as they were); a missed
    target is named."""
    console = console or Console()
    wanted = tuple(only)
    chosen = [name for name in modules() if not wanted or name.startswith(wanted)]
    rows: list[Row] = []
    for name in chosen:
        with console.status(f"{name} …"):
            rows += measured(name)
    show(rows, console)
    every = sorted([*earlier(out, chosen), *rows], key=lambda row: row["module"])
    out.write_text(
        json.dumps({"machine": machine(), "results": every}, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    console.print(f"{', '.join(f'{n} {v}' for n, v in versions())}. Written: {out}")
    missed = [row["name"] for row in rows if is_met(row) is False]
    if missed:
        console.print("Below the target: " + ", ".join(missed))
    return 0


if __name__ == "__main__":
    print(json.dumps(importlib.import_module(f"bench.{sys.argv[1]}").run()))
