"""The library as a file: export of everything, import of our own export and of foreign catalogues.

Our own export is loaded as published: it was reviewed where it comes from. A foreign catalogue is read through
a mapping (mapping.schema.json) and becomes drafts: it never says all that a card must say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from krzew.accounts.actors import Actor
from krzew.library import acts, rules
from krzew.library.cards import content_hash, empty_card
from krzew.library.mapping import Unreadable, mapped
from krzew.library.models import Solution
from krzew.library.reading import BadFile, Entry, entries_of, parsed
from krzew.library.states import NotNow

HERE = Path(__file__).parent
FORMAT, FORMAT_VERSION = "krzew-library", 1
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Refusal:
    """An entry that was not taken in: where it stands in the file, what it calls itself, and why."""

    where: str
    name: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        named = f"{self.where} ({self.name})" if self.name else self.where
        return f"{named}: {'; '.join(self.reasons)}"


@dataclass
class ImportReport:
    published: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    written: bool = True


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((HERE / name).read_text(encoding="utf-8")))


# --- export ------------------------------------------------------------------------------------
def export() -> dict[str, Any]:
    """Every published solution in its current version, withdrawn ones marked."""
    rows = Solution.objects.filter(current__isnull=False).select_related("current", "keeper").order_by("slug")
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "solutions": [exported(row) for row in rows],
    }


def exported(solution: Solution) -> dict[str, Any]:
    """One published solution as the export holds it."""
    version = solution.current
    assert version is not None
    assert version.published_at is not None
    withdrawn = None
    if solution.withdrawn_at:
        withdrawn = {"at": solution.withdrawn_at.isoformat(), "reason": solution.withdrawn_reason}
    return {
        "number": version.number,
        "published_at": version.published_at.isoformat(),
        "keeper": solution.keeper.name if solution.keeper else None,
        "withdrawn": withdrawn,
        "content_hash": version.content_hash,
        "card": version.card,
    }


# --- import ------------------------------------------------------------------------------------
def read_mapping(content: bytes, name: str) -> dict[str, Any]:
    """A mapping file (JSON or TOML), checked."""
    mapping: dict[str, Any] = parsed(content, name)
    for error in _validator("mapping.schema.json").iter_errors(mapping):
        where = ".".join(map(str, error.absolute_path)) or name
        raise BadFile(
            _("The mapping is faulty at “%(where)s”: %(why)s") % {"where": where, "why": error.message[:200]}
        )
    unknown = set(mapping["fields"]) - set(empty_card("", "", "", ""))
    if unknown:
        raise BadFile(
            _("The mapping names fields that a card does not have: %(list)s")
            % {"list": ", ".join(sorted(unknown))}
        )
    return mapping


def import_library(
    actor: Actor,
    content: bytes,
    name: str,
    *,
    mapping: Mapping[str, Any] | None = None,
    partial: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take a file in. When any entry cannot be read nothing is written, unless `partial` is wanted."""
    rules.add_solution.require(actor)
    entries = entries_of(content, name, (mapping or {"entries": "solutions"}).get("entries", ""))
    report = ImportReport()
    seen: dict[str, str] = {}
    with transaction.atomic():
        for done, entry in enumerate(entries, start=1):
            _take(actor, entry, mapping, seen, report)
            if progress:
                progress(done, len(entries))
        if report.refused and not partial:
            transaction.set_rollback(True)
            report.written = False
    return report


def _take(
    actor: Actor, entry: Entry, mapping: Mapping[str, Any] | None, seen: dict[str, str], report: ImportReport
) -> None:
    """One entry: taken in, or refused with every reason. A refused entry leaves nothing behind."""
    try:
        card = _foreign_card(entry, mapping) if mapping else _own_card(entry)
        _note_slug(card, entry, seen)
        with transaction.atomic():
            _write(actor, entry, card, bool(mapping), report)
    except acts.NotReady as error:
        report.refused.append(Refusal(entry.where, _name(entry), tuple(map(str, error.problems))))
    except (Unreadable, acts.Taken, PermissionDenied, NotNow) as error:
        report.refused.append(Refusal(entry.where, _name(entry), (str(error),)))


def _name(entry: Entry) -> str:
    value: dict[str, Any] = entry.value if isinstance(entry.value, dict) else {}
    card = value.get("card")
    inner = card if isinstance(card, dict) else value
    return str(inner.get("slug") or inner.get("name_pl") or "")[:60]


def _own_card(entry: Entry) -> dict[str, Any]:
    card = entry.value.get("card") if isinstance(entry.value, dict) else None
    if not isinstance(card, dict):
        raise Unreadable(
            _("there is no card here; is this an export of Krzew? Another catalogue needs a mapping")
        )
    stated = entry.value.get("content_hash")
    if stated is not None and stated != content_hash(card):
        raise Unreadable(_("the card was changed after the export: its hash does not agree"))
    return card


def _foreign_card(entry: Entry, mapping: Mapping[str, Any]) -> dict[str, Any]:
    fields = mapped(mapping["fields"], entry.value)
    for required in ("slug", "kind", "name_pl"):
        if not isinstance(fields[required], str) or not fields[required]:
            raise Unreadable(_("“%(field)s” is missing or is not a text") % {"field": required})
    if not isinstance(fields.get("name_en", ""), str):
        raise Unreadable(_("“%(field)s” is missing or is not a text") % {"field": "name_en"})
    return empty_card(fields["slug"], fields["kind"], fields["name_pl"], fields.get("name_en", "")) | fields


def _note_slug(card: Mapping[str, Any], entry: Entry, seen: dict[str, str]) -> None:
    slug = str(card.get("slug"))
    if slug in seen:
        raise Unreadable(
            _("the address “%(slug)s” was already used in %(where)s") % {"slug": slug, "where": seen[slug]}
        )
    seen[slug] = entry.where


def _write(actor: Actor, entry: Entry, card: dict[str, Any], foreign: bool, report: ImportReport) -> None:
    if foreign:
        acts.import_draft(actor, card)
        report.drafts.append(card["slug"])
        return
    version = acts.publish_card(actor, card, actor.organisation)
    (report.same if version is None else report.published).append(card["slug"])
    withdrawn = entry.value.get("withdrawn")
    if version is not None and isinstance(withdrawn, dict):
        acts.withdraw(Actor.system(), version.solution, str(withdrawn.get("reason", "")))
