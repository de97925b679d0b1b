"""Commands that look after the installation itself: setup, serve, manage, audit."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.utils import translation

from krzew.cli.catalogues import compile_catalogues
from krzew.cli.main import console, fail
from krzew.cli.stamp import installed_stamp

logger = logging.getLogger(__name__)
EXAMPLE = "300202"


def setup(
    demo: Annotated[bool, typer.Option(help="Also load the demonstration (needs KRZEW_DEMO=1).")] = False,
    force: Annotated[bool, typer.Option(help="Do every step again.")] = False,
) -> None:
    """Prepare the database, reference data and assets. Safe to repeat; skips what is already there."""
    if demo and not settings.KRZEW_DEMO:
        raise fail("The demonstration needs KRZEW_DEMO=1 in the environment.", 2)
    stamp = installed_stamp(demo)
    if not force and stamp.is_current():
        console.print("Ready: nothing has changed since the last setup.")
        return
    compile_catalogues()
    with _assets_beside():
        with console.status("Database …"):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
        call_command("load_places")
        call_command("load_library")
        if demo:
            call_command("load_demo")  # uses, and so compiles, what `warm_up` would
        else:
            with console.status("Compiling the calculations (once) …"):
                warm_up()
    stamp.write()
    console.print(f"Ready. Data and files are in {settings.KRZEW_VAR}", highlight=False, soft_wrap=True)


@contextmanager
def _assets_beside() -> Iterator[None]:
    """The browser's files are made by a process of their own: they need no database, and there is mostly a second core."""
    beside = subprocess.Popen([sys.executable, "-m", "krzew", "assets", "--quiet"])
    try:
        yield
    except BaseException:
        beside.terminate()
        raise
    if beside.wait():
        raise fail("The files for the browser could not be made; the lines above say why.", 1)


def warm_up() -> None:
    """Fill the caches of this process, and compile the numeric kernels where that has not been done yet."""
    from krzew.diagnosis import engine
    from krzew.door.finding.current import published
    from krzew.library.queries import Selection, listing
    from krzew.places.pages import gmina_page
    from krzew.places.queries import get_unit

    engine.compute_place(EXAMPLE)
    listing(Selection(query="praca"))
    unit, library = get_unit(EXAMPLE), published()
    for language, _name in settings.LANGUAGES:
        library.index(language)
        if unit:
            with translation.override(language):
                gmina_page(unit)


def assets(
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all is well.")] = False,
) -> None:
    """Take browser files from the installed packages, compile translations, collect what the pages need."""
    compile_catalogues()
    with translation.override("en"):
        call_command("build_assets", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
    if not quiet:
        console.print("Assets are ready.")


ROUND = 3600
"""Seconds between two rounds of daily work."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    threads: Annotated[int, typer.Option(help="Requests answered at once.")] = 8,
    worker: Annotated[bool, typer.Option(help="Also do the queued work (reports) in this process.")] = True,
) -> None:
    """Serve the pages and do the queued work, in one process."""
    from krzew.cli.server import house_server
    from krzew.wsgi import application

    call_command("check")
    try:
        server = house_server(application, host, port, threads)
    except OSError as error:
        raise fail(f"Cannot listen on {host}:{port}: {error.strerror}. Try another --port.") from error
    with console.status("Reading the figures …"):
        warm_up()  # so that the first visitor does not wait for it
    if worker:
        threading.Thread(target=_work, name="krzew-worker", daemon=True).start()
        threading.Thread(target=_go_round, name="krzew-daily", daemon=True).start()
    console.print(f"\nKrzew: http://{host}:{port}/", highlight=False)
    console.print(f"(passkeys need a name: http://localhost:{port}/)", highlight=False)
    if settings.KRZEW_DEMO:
        call_command("show_personas")
    console.print("Stop with Ctrl+C.")
    server.run()


def _work() -> None:
    """Do the queued tasks for as long as the server lives; a lost database connection is tried again."""
    from django.db import OperationalError
    from django_tasks_db.management.commands.db_worker import Worker

    while True:
        worker = Worker(
            queue_names=["*"],
            interval=0.5,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="serve",
            excluded_queue_names=[],
        )
        try:
            worker.run()
        except OperationalError:
            logger.exception("The worker lost its database and starts again")
            time.sleep(2)


def _go_round() -> None:
    """Once an hour by day: reminders, and whatever else rooms do by themselves."""
    from django.db import close_old_connections

    from krzew.timeline import daily as rounds

    while True:
        time.sleep(ROUND)
        close_old_connections()
        if rounds.is_day():
            rounds.go_round()


def daily() -> None:
    """Send reminders that are due. `serve` does it by itself; for a timetable where the worker runs apart."""
    from krzew.timeline import daily as rounds

    if failed := rounds.go_round():
        raise fail(f"{failed} of the daily jobs failed; the log says why.")
    console.print("Done.")


def manage(context: typer.Context) -> None:
    """Run a Django management command, e.g. `krzew manage migrate`."""
    execute_from_command_line(["krzew manage", *context.args])
