"""`krzew bench`: the speed of the methods beside their peers."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from krzew.cli.main import console, fail


def bench(
    only: Annotated[
        list[str] | None,
        typer.Argument(help="Begin of the names to measure, such as location. Default: all."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the JSON goes. Default: bench/results.json.")
    ] = None,
) -> None:
    """Measure speed as ratios against peers in the same run; a missed target is named.

    Needs a checkout of the project; `make bench` also installs the peers (requirements-bench.txt).
    """
    if not (settings.CHECKOUT / "bench" / "run.py").exists():
        raise fail("The benchmarks are part of the project's checkout, not of the installed package.", code=2)
    sys.path.insert(0, str(settings.CHECKOUT))
    run = importlib.import_module("bench.run")
    unknown = [word for word in only or () if not any(name.startswith(word) for name in run.modules())]
    if unknown:
        raise fail(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(run.modules())}.", code=2)
    raise typer.Exit(run.main(only or (), out or run.RESULTS, console))
