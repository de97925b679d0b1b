"""The methods as a library of their own: what they import, in which order, and how they are installed."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from itertools import permutations
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
METHODS = ROOT / "src" / "krzew" / "methods"
ALLOWED = {"numpy", "scipy", "numba", "highspy", "ortools", "Stemmer", "krzew"}
QUESTIONS = sorted(path.stem for path in (ROOT / "docs" / "methods").glob("*.md") if path.stem != "README")

SOLVERS = ("highspy", "ortools.graph.python.min_cost_flow", "scipy.optimize")
ORDERS = tuple(permutations(SOLVERS))


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports from outside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    names += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", sorted(METHODS.rglob("*.py")), ids=lambda p: str(p.relative_to(METHODS)))
def test_a_file_imports_only_what_the_library_declares(path: Path) -> None:
    assert imported(path) - set(sys.stdlib_module_names) <= ALLOWED


def test_the_library_asks_for_the_same_versions_as_the_product() -> None:
    alone = tomllib.loads((ROOT / "packaging" / "methods" / "pyproject.toml").read_text(encoding="utf-8"))
    product = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(alone["project"]["dependencies"]) <= set(product["project"]["dependencies"])
    assert alone["project"]["version"] == product["project"]["version"]


def test_every_question_loads_without_django_and_without_solvers() -> None:
    """A notebook that asks one question does not wait for the solvers of another."""
    code = f"import sys\nfrom krzew.methods import {', '.join(QUESTIONS)}\n"
    code += "print([m for m in ('django', 'highspy', 'ortools', 'pandas') if m in sys.modules])"
    assert run(code).strip() == "[]"


@pytest.mark.parametrize("order", ORDERS)
def test_solvers_meet_in_any_order(order: tuple[str, ...]) -> None:
    """highspy from 1.15 on and ortools up to 9.15 cannot be loaded into one process, whichever comes first."""
    solve = "import numpy as np, highspy; h = highspy.Highs(); h.silent(); x = h.addVariable(lb=0, ub=3)"
    solve += "; h.maximize(x); print(h.getInfo().objective_function_value)"
    assert run("\n".join(f"import {name}" for name in order) + "\n" + solve).strip() == "3.0"
