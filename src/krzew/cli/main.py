"""Start of the `krzew` command.

Exit codes: 0 done · 1 refused or failed, with the reason · 2 wrong use (unknown option, ambiguous or unknown place).
"""

from __future__ import annotations

import os
import sys

import django
import typer
from rich.console import Console

app = typer.Typer(
    name="krzew",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From an idea to a lasting job: places, solutions, diagnosis. Exit codes: 0 done, 1 refused or failed, 2 wrong use.",
)
console = Console()
errors = Console(stderr=True)


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say what went wrong on standard error; the caller raises what comes back."""
    errors.print(message, markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)


def run() -> None:
    """Entry point of the installed `krzew` script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krzew.settings")
    if "--version" in sys.argv[1:2]:
        from krzew import __version__

        sys.stdout.write(f"krzew {__version__}\n")
        return
    django.setup()
    from krzew.cli import commands

    commands.register(app)
    app()
