"""Reading diagnoses, reports and enquiries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from krzew.accounts.actors import Actor
from krzew.diagnosis import engine, reference
from krzew.diagnosis.models import Diagnosis, Enquiry, Report
from krzew.diagnosis.result import Result, load
from krzew.diagnosis.rules import see_diagnosis, see_enquiry, see_report
from krzew.diagnosis.states import State
from krzew.methods.record import data_hash
from krzew.places import matrix

REMEMBERED = 64


def result_of(diagnosis: Diagnosis) -> Result:
    """What the diagnosis says: frozen when it is signed, computed as long as it is open."""
    if diagnosis.is_signed:
        return load(diagnosis.snapshot.content)
    return computed(diagnosis.place_id, engine.inputs_of(diagnosis))


def computed(code: str, given: engine.Inputs | None = None) -> Result:
    """The engine's answer, kept for the next tab: it depends on nothing but what its key names."""
    versions = matrix.tables().version, reference.shelf().version, date.today()
    return answer_of(Question(data_hash(code, given, *versions), code, given))


@dataclass(frozen=True)
class Question:
    key: str
    code: str = field(compare=False)
    given: engine.Inputs | None = field(compare=False)


@lru_cache(maxsize=REMEMBERED)
def answer_of(question: Question) -> Result:
    return engine.compute_place(question.code, question.given)


def _named(rows: QuerySet[Diagnosis]) -> QuerySet[Diagnosis]:
    return rows.select_related("place__parent__parent", "organisation", "opened_by", "signed_by", "previous")


def diagnoses(actor: Actor) -> QuerySet[Diagnosis]:
    """Every diagnosis that the actor may read, latest first."""
    return _named(see_diagnosis.filter(actor, Diagnosis.objects.all()))


def diagnosis(actor: Actor, pk: int) -> QuerySet[Diagnosis]:
    rows = diagnoses(actor).filter(pk=pk).select_related("snapshot", "decision")
    return rows.prefetch_related("neighbour_choices__unit", "local_figures", "answers")


def listed(actor: Actor) -> QuerySet[Diagnosis]:
    """For the list: with the decision and what was chosen."""
    return diagnoses(actor).select_related("decision").prefetch_related("decision__versions")


def of_place(actor: Actor, code: str) -> QuerySet[Diagnosis]:
    return diagnoses(actor).filter(place=code).exclude(state=State.CANCELLED)


def published(place_code: str = "") -> QuerySet[Diagnosis]:
    """Signed diagnoses that their organisations publish, of one place or of all."""
    rows = _named(Diagnosis.objects.filter(public=True, state=State.SIGNED)).select_related("snapshot")
    return rows.filter(place=place_code) if place_code else rows


def reports(actor: Actor, diagnosis: Diagnosis) -> QuerySet[Report]:
    return see_report.filter(actor, Report.objects.filter(diagnosis=diagnosis)).select_related("asked_by")


def enquiries(actor: Actor) -> QuerySet[Enquiry]:
    rows = see_enquiry.filter(actor, Enquiry.objects.all())
    return rows.select_related(
        "place__parent__parent", "solution__current", "asker", "asked_by", "centre", "diagnosis"
    )
