"""Reading a specification: where it stands at each gate, its versions, the remarks on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from krzew.calls.applications.check import Filled
from krzew.calls.definition.testing import SpecificationStage
from krzew.trials.models import Innovation, Remark, Specification, SpecificationVersion
from krzew.trials.states import InnovationState, VersionState
from krzew.trials.written.questions import fields_until, filled

FINAL = (VersionState.SENT, VersionState.ACCEPTED, VersionState.REJECTED)
"""While a version is one of these, nothing more is written for its gate."""


@dataclass(frozen=True)
class Standing:
    """Where the specification stands before one gate; `versions` are those of this gate, oldest first."""

    stage: SpecificationStage
    versions: tuple[SpecificationVersion, ...]
    runs: bool

    @property
    def last(self) -> SpecificationVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def state(self) -> str:
        return self.last.state if self.last else ""

    @property
    def writable(self) -> bool:
        return self.runs and self.state not in FINAL

    @property
    def waits(self) -> bool:
        return self.runs and self.state == VersionState.SENT


def standing(innovation: Innovation, stage: SpecificationStage) -> Standing:
    """Reads the prefetched versions."""
    rows = tuple(v for v in innovation.specifications.all() if v.stage == stage.code)
    return Standing(stage, rows, innovation.state == InnovationState.RUNNING)


def specification(innovation: Innovation) -> Specification:
    return Specification.objects.get(innovation=innovation)


def document(innovation: Innovation, stage: SpecificationStage, row: Specification) -> Filled:
    """What is written now, with every question up to this gate."""
    return filled(innovation, stage, fields_until(innovation, stage), row.answers)


def versions(innovation: Innovation) -> QuerySet[SpecificationVersion]:
    rows = SpecificationVersion.objects.filter(innovation=innovation)
    return rows.select_related("gate__by", "innovation__call__programme").order_by("number")


def version(innovation: Innovation, number: int) -> SpecificationVersion | None:
    return versions(innovation).filter(number=number).first()


def last_decided(innovation: Innovation) -> SpecificationVersion | None:
    """The version at the last gate that has decided."""
    rows = [v for v in innovation.specifications.all() if v.state != VersionState.SENT]
    return rows[-1] if rows else None


def remarks(innovation: Innovation, *, all_of_them: bool = False) -> dict[str, list[Remark]]:
    """Remarks by field; those that are dealt with only on demand."""
    rows = Remark.objects.filter(innovation=innovation).select_related("by")
    found: dict[str, list[Remark]] = defaultdict(list)
    for row in rows if all_of_them else rows.filter(done_at__isnull=True):
        found[row.field].append(row)
    return dict(found)
