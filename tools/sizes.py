"""Keep files and functions short: the limits of the house, and the median that they serve."""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAX_FILE, MAX_FUNCTION, MAX_MEDIAN, MAX_LONG_SHARE = 500, 60, 8, 0.05
Sizes = list[tuple[int, str]]


def functions(path: Path) -> Sizes:
    """(lines, place) of each function in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return [
        ((n.end_lineno or 0) - n.lineno + 1, f"{path.relative_to(ROOT)}:{n.lineno} {n.name}") for n in found
    ]


def complaints(files: list[Path], sizes: Sizes) -> list[str]:
    lines = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in files}
    said = [f"{p.relative_to(ROOT)}: {n} lines, at most {MAX_FILE}" for p, n in lines.items() if n > MAX_FILE]
    said += [f"{where}: {n} lines, at most {MAX_FUNCTION}" for n, where in sizes if n > MAX_FUNCTION]
    return said


def main() -> int:
    files = [p for p in (ROOT / "src").rglob("*.py") if "migrations" not in p.parts]
    sizes = [size for path in files for size in functions(path)]
    said = complaints(files, sizes)
    median = statistics.median(n for n, _where in sizes)
    long_share = sum(n > 30 for n, _where in sizes) / len(sizes)
    if median > MAX_MEDIAN:
        said.append(f"median function has {median} lines, at most {MAX_MEDIAN}")
    if long_share > MAX_LONG_SHARE:
        said.append(f"{long_share:.1%} of functions are over 30 lines, at most {MAX_LONG_SHARE:.0%}")
    sys.stdout.write("".join(f"{line}\n" for line in said))
    summary = f"{len(files)} files, {len(sizes)} functions, median {median} lines, {long_share:.1%} over 30"
    sys.stdout.write(summary + "\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
