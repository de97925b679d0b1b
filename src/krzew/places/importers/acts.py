"""The acts of importing figures: permission, reading (nothing is written), then one write with one event.

`sync_teryt` and `import_boundaries`, which change units, live in `acts_units`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext

from krzew.accounts.actors import Actor
from krzew.places.importers import bdl, figures, ozps
from krzew.places.importers.bdl_client import BdlClient
from krzew.places.importers.figure import Figure, Known, check_limits
from krzew.places.importers.outcome import Outcome, listed, whole
from krzew.places.importers.problems import Problems, Progress, refuse, silent
from krzew.places.importers.reading import Upload
from krzew.places.importers.writing import dataset, keep, known_today, write_figures
from krzew.places.models import Dataset
from krzew.places.rules import import_data

IMPORTED = "places.figures_imported"
BDL_SOURCE = "GUS, Bank Danych Lokalnych"
BDL_PAGE = "https://bdl.stat.gov.pl"
BDL_LICENCE = "CC BY 4.0"


# --- local figures -----------------------------------------------------------------------------


def import_figures(
    actor: Actor, upload: Upload, *, dry_run: bool = False, progress: Progress = silent
) -> Outcome:
    """Import a plain table of local figures; each source and date becomes a dataset of its own."""
    import_data.require(actor)
    found = figures.read_figures(upload, known_today(timezone.localdate()), progress)
    return _write_local(actor, found, dry_run, progress)


@whole
def _write_local(actor: Actor, found: figures.FigureFile, dry_run: bool, progress: Progress) -> Outcome:
    outcome = Outcome(notes=[gettext("Read as: %(how)s") % {"how": found.how}], dry_run=dry_run)
    for (source, day), rows in groupby(sorted(found.figures, key=_origin), key=_origin):
        target = _local_dataset(source, date.fromisoformat(day) if day else None)
        part = Outcome()
        write_figures(list(rows), target, part, progress)
        keep(actor, IMPORTED, target, part)
        outcome.include(part)
    return outcome


def _origin(figure: Figure) -> tuple[str, str]:
    return figure.source, figure.measured_on.isoformat() if figure.measured_on else ""


def _local_dataset(source: str, day: date | None) -> Dataset:
    key = hashlib.sha256(f"{source}|{day or ''}".encode()).hexdigest()[:16]
    return dataset(
        f"local-{key}",
        kind=Dataset.Kind.LOCAL,
        name=source[:200],
        source=source,
        measured_on=day,
        vintage=day.isoformat() if day else "",
        retrieved_on=timezone.localdate(),
    )


# --- OZPS --------------------------------------------------------------------------------------


def import_ozps(
    actor: Actor,
    upload: Upload,
    options: ozps.Options,
    *,
    source: str = "",
    dry_run: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Import a sheet like the OZPS. `source` names it; without it the name of the file does."""
    import_data.require(actor)
    found = ozps.read_ozps(upload, options, known_today(timezone.localdate()), progress)
    return _write_ozps(actor, found, source or upload.name or "OZPS", dry_run, progress)


@whole
def _write_ozps(
    actor: Actor, found: ozps.OzpsFile, source: str, dry_run: bool, progress: Progress
) -> Outcome:
    target = dataset(
        f"ozps-{hashlib.sha256(source.encode()).hexdigest()[:16]}",
        kind=Dataset.Kind.OZPS,
        name=source[:200],
        source=source[:300],
        vintage=str(max(figure.year for figure in found.figures)),
        retrieved_on=timezone.localdate(),
    )
    outcome = Outcome(notes=_ozps_notes(found), dry_run=dry_run)
    write_figures(found.figures, target, outcome, progress)
    keep(actor, IMPORTED, target, outcome)
    return outcome


def _ozps_notes(found: ozps.OzpsFile) -> list[str]:
    notes = [gettext("Read as: %(how)s") % {"how": found.how}]
    notes += listed(gettext("Columns of forecasts, not read"), found.forecasts)
    notes += listed(gettext("Rows without an indicator in the mapping, not read"), found.unmapped)
    if found.empty:
        notes.append(gettext("Empty cells, not read: %(n)d") % {"n": found.empty})
    return notes


# --- BDL ---------------------------------------------------------------------------------------


def sync_bdl(
    actor: Actor,
    client: BdlClient,
    variable: bdl.Variable,
    years: Iterable[int] = (),
    dry_run: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Read one variable from BDL and write it. An interrupted reading goes on where it stopped."""
    import_data.require(actor)
    known = known_today(timezone.localdate())
    if variable.indicator not in known.indicators:
        refuse(gettext("There is no indicator “%(code)s” in the catalogue.") % {"code": variable.indicator})
    reading = bdl.fetch(client, variable, years, progress)
    kept, strangers = _known_figures(reading, known)
    outcome = _write_bdl(actor, reading, kept, strangers, dry_run, progress)
    if not dry_run:
        client.state.forget(reading.job)
    return outcome


def _known_figures(reading: bdl.Reading, known: Known) -> tuple[list[Figure], list[str]]:
    """Figures of units that we know, and the codes of the others; refuses values out of range."""
    problems = Problems()
    kept = [figure for figure in reading.figures if figure.place in known.places]
    for figure in kept:
        try:
            check_limits(figure.value, known.indicators[figure.indicator])
        except ValueError as error:
            problems.add(figure.line, f"{figure.place} {figure.year}", str(error))
    problems.refuse_if_any()
    if not kept:
        refuse(gettext("None of the units in the answer is known. Load the units first."))
    return kept, sorted({figure.place for figure in reading.figures} - known.places)


@whole
def _write_bdl(
    actor: Actor,
    reading: bdl.Reading,
    kept: list[Figure],
    strangers: Sequence[str],
    dry_run: bool,
    progress: Progress,
) -> Outcome:
    target = dataset(
        f"bdl-{reading.variable.id}-{reading.variable.level}",
        kind=Dataset.Kind.BDL,
        name=reading.described.label[:200],
        source=BDL_SOURCE,
        url=BDL_PAGE,
        licence=BDL_LICENCE,
        vintage=reading.updated[:10] or str(max(figure.year for figure in kept)),
        retrieved_on=timezone.localdate(),
        note=str(reading.described),
    )
    outcome = Outcome(notes=list(reading.notes), dry_run=dry_run)
    outcome.notes += listed(gettext("Units that are not in our list, not written"), list(strangers))
    write_figures(kept, target, outcome, progress)
    keep(actor, IMPORTED, target, outcome)
    return outcome
