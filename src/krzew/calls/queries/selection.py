"""Reading rankings: the kept lists, computed again from what they keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from krzew.accounts.actors import Actor
from krzew.calls.definition.base import Text
from krzew.calls.models import Application, Assessor, Call, Ranking
from krzew.calls.rules import manage_call
from krzew.calls.states import ApplicationState
from krzew.methods.portfolio import Decision, Entry


@dataclass(frozen=True)
class KeptList:
    """One list of a ranking. The protocol is computed anew and compared with what was kept."""

    key: str
    label: Text | None
    decision: Decision
    calibrated: Mapping[str, Any]

    def entry(self, label: str) -> Entry | None:
        return next((e for e in self.decision.entries if e.code == label), None)


def call_of_team(actor: Actor, slug: str) -> Call | None:
    rows = manage_call.filter(actor, Call.objects.select_related("programme__organisation"))
    return rows.filter(slug=slug).first()


def rankings(call: Call) -> QuerySet[Ranking]:
    """Rankings of a call, the newest first, without promises of draws. Their content is long and stays away."""
    return call.rankings.exclude(data_hash="").select_related("made_by").defer("content", "calibrated")


def ranking(call: Call, pk: int | None = None) -> Ranking | None:
    rows = rankings(call).annotate(emptied=KT("content__emptied"))
    found = rows.filter(pk=pk).first() if pk else rows.first()
    if found is not None:
        found.call = call
        found.content, found.calibrated = _contents(found)
    return found


Contents = tuple[dict[str, Any], dict[str, Any]]
_read: dict[tuple[Any, ...], Contents] = {}
KEPT_CONTENTS = 4


def _contents(ranking: Any) -> Contents:
    """What a ranking keeps, read from the database once; nobody changes what this gives."""
    key = (ranking.pk, ranking.data_hash, ranking.made_at, ranking.emptied)
    if (known := _read.get(key)) is None:
        while len(_read) >= KEPT_CONTENTS:
            _read.pop(next(iter(_read)), None)
        known = _read[key] = (ranking.content, ranking.calibrated)
    return known


def lists(ranking: Ranking) -> list[KeptList]:
    """The lists of a ranking. It never changes (but for titles that are removed after the time of keeping), so what
    was computed again once need not be any more."""
    key = (ranking.pk, ranking.data_hash, ranking.made_at, ranking.content.get("emptied", 0))
    if key not in _kept:
        while len(_kept) >= KEPT_RANKINGS:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _computed(ranking)
    return list(_kept[key])


_kept: dict[tuple[int, str, datetime, int], tuple[KeptList, ...]] = {}
KEPT_RANKINGS = 8


def _computed(ranking: Ranking) -> tuple[KeptList, ...]:
    return tuple(
        KeptList(
            part["key"],
            Text(**part["label"]) if part["label"] else None,
            Decision.from_dict(part["decision"]),
            ranking.calibrated.get(part["key"], {}),
        )
        for part in ranking.content["lists"]
    )


def by_label(ranking: Ranking, labels: Iterable[str]) -> dict[str, Application]:
    """Applications of these lines, in one query."""
    rows = ranking.content["rows"]
    keys = {label: rows[label]["pk"] for label in labels if label in rows}
    found = Application.objects.in_bulk(keys.values())
    return {label: found[pk] for label, pk in keys.items() if pk in found}


def waiting_at(call: Call, code: str) -> int:
    return call.applications.filter(state=ApplicationState.SUBMITTED, stage=code).count()


def assessor_names(keys: Iterable[str]) -> dict[str, str]:
    rows = Assessor.objects.filter(pk__in=[int(k) for k in keys if k.isdecimal()]).select_related("user")
    return {str(row.pk): str(row.user) for row in rows}
