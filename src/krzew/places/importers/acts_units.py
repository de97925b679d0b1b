"""The acts that change units: a new official list (TERYT) and boundaries."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from krzew.accounts.actors import Actor
from krzew.places.importers import boundaries, teryt
from krzew.places.importers.outcome import Outcome, listed, whole
from krzew.places.importers.problems import Progress, refuse, silent
from krzew.places.importers.reading import Upload
from krzew.places.importers.writing import BATCH, dataset, keep
from krzew.places.models import Boundary, Change, Dataset, Unit, UnitVersion
from krzew.places.rules import import_data
from krzew.places.text import fold

MAX_REMOVED = 3  # more than disappear in an ordinary year
TERC_NAME = "GUS, rejestr TERYT, urzędowy wykaz jednostek TERC"
NEW_SETTLEMENT = "new"  # a unit without statistics has no comparison group


# --- TERYT -------------------------------------------------------------------------------------


def sync_teryt(
    actor: Actor,
    upload: Upload,
    *,
    accept_removals: bool = False,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Bring the units to the state of an official list; differences become versions and changes."""
    import_data.require(actor)
    state = teryt.read_terc(upload)
    current = current_state()
    table = teryt.changes(current, state)
    if state.day < current.day:
        refuse(
            gettext("The list is of %(day)s, but the state of %(current)s is already loaded.")
            % {"day": state.day.isoformat(), "current": current.day.isoformat()}
        )
    removed = [change.code for change in table if change.change == "removed"]
    if len(removed) > MAX_REMOVED and not accept_removals:
        refuse(
            gettext(
                "%(n)d units would disappear (%(first)s …). The file is probably cut off."
                " If it is right, allow it expressly (--accept-removals)."
            )
            % {"n": len(removed), "first": ", ".join(removed[:5])}
        )
    return _write_units(actor, upload, current, state, table, dry_run, progress)


def current_state() -> teryt.TercState:
    """The units of today as the register would list them, and the day up to which they are known."""
    rows = Unit.objects.filter(valid_to=None).values_list("code", "name", "kind", "code7")
    units = {code: teryt.TercUnit(code, name, kind, code7) for code, name, kind, code7 in rows}
    last = UnitVersion.objects.aggregate(day=Max("valid_from"))["day"] or date.min
    listed_on = Dataset.objects.filter(kind=Dataset.Kind.TERYT).aggregate(day=Max("measured_on"))["day"]
    return teryt.TercState(max(last, listed_on or date.min), units)


@whole
def _write_units(
    actor: Actor,
    upload: Upload,
    current: teryt.TercState,
    state: teryt.TercState,
    table: list[teryt.UnitChange],
    dry_run: bool,
    progress: Progress,
) -> Outcome:
    touched = {change.code: change for change in table}
    outcome = Outcome(same=len(state.units.keys() - touched.keys()), dry_run=dry_run)
    for done, code in enumerate(sorted(touched, key=lambda code: (len(code), code)), start=1):
        _apply(code, current.units.get(code), state, outcome)
        progress(done, len(touched), code)
    Change.objects.bulk_create(_change_row(change, current, state) for change in table)
    outcome.notes = _unit_notes(table)
    _record_list(actor, upload, state, outcome)
    return outcome


def _apply(code: str, before: teryt.TercUnit | None, state: teryt.TercState, outcome: Outcome) -> None:
    """Close the version that ends and open the one that begins."""
    yesterday, after = state.day - timedelta(days=1), state.units.get(code)
    ending = UnitVersion.objects.filter(unit=code, valid_to=None).exclude(valid_from=state.day)
    ending.update(valid_to=yesterday)
    if after is None:
        Unit.objects.filter(pk=code).update(valid_to=yesterday)
        outcome.changed += 1
        return
    unit = _renew(after, state.day)
    facts = {
        "name": unit.name,
        "name_key": unit.name_key,
        "kind": unit.kind,
        "code7": unit.code7,
        "area_km2": unit.area_km2,
    }
    UnitVersion.objects.update_or_create(
        unit=unit, valid_from=state.day, defaults={**facts, "valid_to": None}
    )
    outcome.added += before is None
    outcome.changed += before is not None


def _renew(listed_unit: teryt.TercUnit, day: date) -> Unit:
    """The unit with its name and kind of today; one that is new in the list is created."""
    facts = {"name": listed_unit.name, "kind": listed_unit.kind, "code7": listed_unit.code7}
    unit = Unit.objects.filter(pk=listed_unit.code).first() or _new_unit(listed_unit, day)
    for name, fact in facts.items():
        setattr(unit, name, fact)
    unit.name_key, unit.valid_to = fold(unit.name), None
    unit.save()
    return unit


def _new_unit(listed_unit: teryt.TercUnit, day: date) -> Unit:
    """The register gives no point: until boundaries come, the unit stands on the point of its parent."""
    parent = Unit.objects.filter(pk=listed_unit.parent).first()
    if parent is None:
        message = gettext("The parent of the new unit %(code)s is not loaded. Load the units first.")
        refuse(message % {"code": listed_unit.code})
    return Unit(
        code=listed_unit.code,
        level=listed_unit.level,
        parent=parent,
        valid_from=day,
        lon=parent.lon,
        lat=parent.lat,
        settlement=NEW_SETTLEMENT if listed_unit.level == "gmina" else "",
    )


def _change_row(change: teryt.UnitChange, current: teryt.TercState, state: teryt.TercState) -> Change:
    """Only the bounds of the day are known: after the last list, not later than this one."""
    before, after = current.units.get(change.code), state.units.get(change.code)
    kind = change.change == "kind_changed"
    return Change(
        unit_id=change.code,
        change=change.change,
        old=change.old,
        new=change.new,
        old_code7=before.code7 if before and kind else "",
        new_code7=after.code7 if after and kind else "",
        date_from=min(current.day + timedelta(days=1), state.day),
        date_to=state.day,
    )


def _unit_notes(table: list[teryt.UnitChange]) -> list[str]:
    titles = {
        "created": gettext("New units (the register does not say what they were part of)"),
        "removed": gettext("Units that ceased to exist"),
        "renamed": gettext("Renamed units"),
        "kind_changed": gettext("Units of a new kind"),
    }
    notes = []
    for change, title in titles.items():
        rows = [f"{row.code} {row.new or row.old}" for row in table if row.change == change]
        notes += listed(title, rows)
    return notes


def _record_list(actor: Actor, upload: Upload, state: teryt.TercState, outcome: Outcome) -> None:
    target = dataset(
        "teryt-terc",
        kind=Dataset.Kind.TERYT,
        name=TERC_NAME,
        source="GUS, eTERYT",
        url="https://eteryt.stat.gov.pl",
        licence="CC0",
        vintage=state.day.isoformat(),
        measured_on=state.day,
        retrieved_on=timezone.localdate(),
        sha256=upload.digest,
    )
    keep(actor, "places.units_synced", target, outcome)


# --- boundaries --------------------------------------------------------------------------------


def import_boundaries(
    actor: Actor,
    upload: Upload,
    options: boundaries.Options | None = None,
    *,
    source: str = "",
    licence: str = "",
    dry_run: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Import polygons of units. Unknown and missing codes are listed, not guessed."""
    import_data.require(actor)
    found = boundaries.read_boundaries(upload, options, progress)
    known = set(Unit.objects.filter(valid_to=None).values_list("code", flat=True))
    if not found.codes & known:
        refuse(
            gettext("None of the codes in the file is a unit of today. First codes: %(codes)s")
            % {"codes": ", ".join(sorted(found.codes)[:5])}
        )
    facts = {"source": source or upload.name, "licence": licence, "sha256": upload.digest}
    return _write_boundaries(actor, found, known, facts, dry_run, progress)


@whole
def _write_boundaries(
    actor: Actor,
    found: boundaries.BoundaryFile,
    known: set[str],
    facts: dict[str, str],
    dry_run: bool,
    progress: Progress,
) -> Outcome:
    outcome = Outcome(notes=_boundary_notes(found, known), dry_run=dry_run)
    key = hashlib.sha256(facts["source"].encode()).hexdigest()[:16]
    target = dataset(
        f"boundaries-{key}",
        kind=Dataset.Kind.BOUNDARIES,
        name=facts["source"][:200],
        retrieved_on=timezone.localdate(),
        note=found.projection,
        **facts,
    )
    fresh = _fresh(found, known, target, outcome)
    for start in range(0, len(fresh), BATCH):
        Boundary.objects.bulk_create(
            fresh[start : start + BATCH],
            update_conflicts=True,
            unique_fields=["unit"],
            update_fields=["geometry", "dataset"],
        )
        progress(min(start + BATCH, len(fresh)), len(fresh), gettext("writing"))
    _move_new_units(found)
    keep(actor, "places.boundaries_imported", target, outcome)
    return outcome


def _fresh(
    found: boundaries.BoundaryFile, known: set[str], target: Dataset, outcome: Outcome
) -> list[Boundary]:
    """Rows that are new or different."""
    before = dict(Boundary.objects.values_list("unit_id", "geometry"))
    fresh = []
    for shape in found.shapes:
        text = json.dumps(boundaries.to_geojson(shape.geometry), separators=(",", ":"))
        if shape.code not in known:
            continue
        if before.get(shape.code) == text:
            outcome.same += 1
            continue
        outcome.changed += shape.code in before
        outcome.added += shape.code not in before
        fresh.append(Boundary(unit_id=shape.code, dataset=target, geometry=text))
    return fresh


def _move_new_units(found: boundaries.BoundaryFile) -> None:
    """A unit that stood on its parent's point now has a place of its own."""
    new = set(Unit.objects.filter(settlement=NEW_SETTLEMENT).values_list("code", flat=True))
    for shape in found.shapes:
        if shape.code in new:
            point = shape.geometry.representative_point()
            Unit.objects.filter(pk=shape.code).update(lon=round(point.x, 5), lat=round(point.y, 5))


def _boundary_notes(found: boundaries.BoundaryFile, known: set[str]) -> list[str]:
    lengths = {len(code) for code in found.codes}
    wanted = {code for code in known if len(code) in lengths}
    notes = [gettext("Projection: %(name)s") % {"name": found.projection}]
    notes += listed(gettext("Units without a boundary in the file"), sorted(wanted - found.codes))
    notes += listed(gettext("Codes that are no unit of today, not written"), sorted(found.codes - known))
    notes += listed(gettext("Repaired polygons"), [f"{code} ({why})" for code, why in found.repaired])
    if found.parts:
        notes.append(gettext("Parts of gminas and districts, not read: %(n)d") % {"n": found.parts})
    return notes
