"""Writing of validated figures: only what is new or different, inside the transaction of the caller."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext

from krzew.accounts.actors import Actor
from krzew.places.importers.figure import Figure, Known, Limits
from krzew.places.importers.outcome import Outcome
from krzew.places.importers.problems import Progress
from krzew.places.models import Dataset, Indicator, Unit, Value
from krzew.timeline.acts import record

BATCH = 2_000
UNIQUE = ["indicator", "unit", "year", "dataset"]
UPDATED = ["value", "flag", "source_code", "numerator", "denominator", "note"]
DIGITS = {"voivodeship": 2, "powiat": 4, "gmina": 6}

State = tuple[float | None, str, str]


def known_today(today: date) -> Known:
    """Units of today and of the past, and the indicators of the catalogue."""
    indicators = Indicator.objects.values_list("code", "minimum", "maximum", "level")
    limits = {code: Limits(low, high, DIGITS[level]) for code, low, high, level in indicators}
    return Known(set(Unit.objects.values_list("code", flat=True)), limits, today)


def dataset(code: str, **facts: Any) -> Dataset:
    """The dataset with these facts; one that exists is saved by `keep`, and only when rows changed."""
    target = Dataset.objects.filter(code=code).first() or Dataset(code=code)
    for name, fact in facts.items():
        setattr(target, name, fact)
    if target.pk is None:
        target.save()
    return target


def keep(actor: Actor, act: str, target: Dataset, outcome: Outcome) -> None:
    """Renew the facts of the dataset and write the event; an import that changed nothing leaves no trace."""
    if not outcome.nothing_new:
        target.save()
        record(actor, act, target, data=outcome.counts)


def write_figures(figures: list[Figure], target: Dataset, outcome: Outcome, progress: Progress) -> None:
    """Add or renew the figures of one dataset; figures it has and the file has not are left alone."""
    before = _present(target, {figure.indicator for figure in figures})
    fresh = [figure for figure in figures if before.get(figure.key) != _state(figure)]
    changed = sum(figure.key in before for figure in fresh)
    outcome.changed += changed
    outcome.added += len(fresh) - changed
    outcome.same += len(figures) - len(fresh)
    for start in range(0, len(fresh), BATCH):
        rows = [_row(figure, target) for figure in fresh[start : start + BATCH]]
        Value.objects.bulk_create(rows, update_conflicts=True, unique_fields=UNIQUE, update_fields=UPDATED)
        progress(start + len(rows), len(fresh), gettext("writing"))
    if fresh:
        target.sha256 = content_hash(target)


def content_hash(target: Dataset) -> str:
    """Hash of all figures of a dataset: caches of the product notice by it that figures have changed."""
    columns = ("indicator_id", "unit_id", "year", "value", "flag", "source_code")
    digest = hashlib.sha256()
    for row in Value.objects.filter(dataset=target).order_by(*columns[:3]).values_list(*columns).iterator():
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _present(target: Dataset, indicators: Iterable[str]) -> dict[tuple[str, str, int], State]:
    rows = Value.objects.filter(dataset=target, indicator__in=indicators)
    columns = rows.values_list("unit_id", "indicator_id", "year", "value", "flag", "source_code")
    return {
        (unit, indicator, year): (value, flag, mark) for unit, indicator, year, value, flag, mark in columns
    }


def _state(figure: Figure) -> State:
    return figure.value, str(figure.flag), figure.mark


def _row(figure: Figure, target: Dataset) -> Value:
    return Value(
        unit_id=figure.place,
        indicator_id=figure.indicator,
        dataset=target,
        year=figure.year,
        value=figure.value,
        flag=figure.flag,
        source_code=figure.mark,
    )
