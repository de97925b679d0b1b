"""The tree of commands."""

from __future__ import annotations

from collections.abc import Callable

import typer
from django.core.management import execute_from_command_line

from krzew.cli import bench, calls, diagnosis, door, house, keeping

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

PLACES = {
    "load": ("load_places", "Load the places and figures that come with Krzew."),
    "sync-bdl": ("sync_bdl", "Read indicators from the Local Data Bank of the statistical office (BDL)."),
    "sync-teryt": ("sync_teryt", "Bring the units to the state of the official list (TERYT)."),
    "import-boundaries": ("import_boundaries", "Import boundaries from a GeoJSON file."),
    "import-figures": ("import_figures", "Import a table of local figures (CSV or XLSX)."),
    "import-ozps": ("import_ozps", "Import an assessment of social-assistance resources (OZPS)."),
}
LIBRARY = {
    "load": ("load_library", "Load the solutions that come with Krzew."),
    "export": ("library_export", "Write the whole library as JSON."),
    "import": ("library_import", "Read solutions from JSON, also foreign catalogues with a mapping file."),
}
GRANTS = {"export": ("grants_export", "Write every announced grant as 360Giving JSON.")}
ORGANISATIONS = {"confirm": ("confirm_organisation", "Confirm an organisation, or list those that wait.")}
AUDIT = {"verify": ("audit_verify", "Find every event that was changed, removed or put in.")}


def register(app: typer.Typer) -> None:
    """Put every command on the tree."""
    app.command()(diagnosis.diagnose)
    app.command()(diagnosis.report)
    app.command()(door.find)
    app.add_typer(_group("Places, indicators, importers.", "places", PLACES), name="places")
    app.add_typer(_group("The library of solutions.", "library", LIBRARY), name="library")
    app.add_typer(_group("Grants as open data.", "grants", GRANTS), name="grants")
    app.add_typer(_group("Organisations.", "organisations", ORGANISATIONS), name="organisations")
    app.add_typer(_group("The chain of events.", "audit", AUDIT), name="audit")
    app.add_typer(calls.calls, name="calls")
    app.add_typer(keeping.retention, name="retention")
    app.add_typer(keeping.anonymise, name="anonymise")
    app.command()(house.setup)
    app.command()(house.assets)
    app.command()(house.serve)
    app.command()(house.daily)
    app.command()(bench.bench)
    app.command(context_settings=PASS_ON)(house.manage)


def _group(text: str, name: str, commands: dict[str, tuple[str, str]]) -> typer.Typer:
    group = typer.Typer(help=text, no_args_is_help=True)
    group.callback()(lambda: None)  # keeps a group of one command a group
    for word, (command, about) in commands.items():
        group.command(word, help=about, context_settings=PASS_ON)(_pass_on(f"krzew {name}", command))
    return group


def _pass_on(prefix: str, command: str) -> Callable[[typer.Context], None]:
    """Hand all words over to the management command, which has its own --help and exit codes."""

    def run(context: typer.Context) -> None:
        execute_from_command_line([prefix, command, *context.args])

    return run
