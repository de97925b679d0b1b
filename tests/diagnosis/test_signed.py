"""A signature freezes; a repeated diagnosis is compared with what was frozen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.diagnosis import compare, engine, queries
from krzew.diagnosis.acts import diagnoses as acts
from krzew.diagnosis.models import Diagnosis, Frozen
from krzew.places import matrix
from krzew.places.models import Dataset, Value
from krzew.timeline.models import Event
from tests.diagnosis.conftest import CZARNKOW, WTZ


def _load_other_figures() -> None:
    """A later load: unemployment of Czarnków jumps."""
    dataset = Dataset.objects.create(code="later", kind="bdl", name="później", source="test", sha256="x" * 64)
    common = {"unit_id": CZARNKOW, "dataset": dataset, "year": 2025}
    Value.objects.create(
        indicator_id="unemployment_share", value=19.5, numerator=1200, denominator=6150, **common
    )


def test_a_signed_diagnosis_survives_a_later_load(signed: Diagnosis, adviser: Actor) -> None:
    before = queries.result_of(signed)
    _load_other_figures()
    try:
        assert queries.result_of(Diagnosis.objects.get(pk=signed.pk)) == before
        now = engine.compute(signed)
        assert now.data.version != before.data.version
        assert (now.need("work").severity or 0) > (before.need("work").severity or 0) + 10
    finally:
        Dataset.objects.filter(code="later").delete()
        matrix.tables()


def test_a_signed_diagnosis_names_its_versions(signed: Diagnosis) -> None:
    content = signed.snapshot.content
    assert content["data"]["version"]
    assert content["data"]["library"]
    assert content["data"]["method"]
    assert content["data"]["seed"]
    assert content["decision"]["slugs"] == [WTZ]
    assert all(s["content_hash"] for s in content["solutions"])


def test_a_snapshot_is_written_once(signed: Diagnosis) -> None:
    with pytest.raises(Frozen):
        signed.snapshot.save()
    with pytest.raises(Frozen):
        signed.snapshot.delete()


@pytest.mark.parametrize("name", ["answer", "set_weights", "enter_figure", "cancel"])
def test_nothing_changes_after_the_signature(name: str, signed: Diagnosis, adviser: Actor) -> None:
    calls: dict[str, Callable[[], object]] = {
        "answer": lambda: acts.answer(adviser, signed, signed.revision, fact="leader", value="no"),
        "set_weights": lambda: acts.set_weights(
            adviser, signed, 99, voices_weight=1, weights={"pressing": 1}
        ),
        "enter_figure": lambda: acts.enter_figure(
            adviser, signed, 99, indicator="wtz_waiting", value=1, day=signed.opened_at.date(), source="x"
        ),
        "cancel": lambda: acts.cancel(adviser, signed, reason="pomyłka"),
    }
    with pytest.raises(Denied):
        calls[name]()


def test_a_summary_that_is_out_of_date_is_not_signed(
    decided: Diagnosis, adviser: Actor, colleague: Actor
) -> None:
    seen = decided.revision
    acts.answer(colleague, decided, decided.revision, fact="leader", value="yes")
    with pytest.raises(ValidationError):
        acts.sign(adviser, decided, seen)
    assert Diagnosis.objects.get(pk=decided.pk).is_open


def test_a_ranking_that_has_moved_asks_for_a_reason(decided: Diagnosis, adviser: Actor) -> None:
    """The choice was first; after a "no" it is not, so the signature needs a reason."""
    acts.answer(adviser, decided, decided.revision, fact="wtz_in_reach", value="no")
    with pytest.raises(ValidationError):
        acts.sign(adviser, decided, decided.revision)


def test_repeat_and_compare(signed: Diagnosis, adviser: Actor, client_of: Callable[[Actor], Client]) -> None:
    later = acts.repeat(adviser, signed)
    assert later.previous == signed
    assert {a.fact for a in later.answers.all()} == {a.fact for a in signed.answers.all()}
    day = later.opened_at.date()
    figure = {"indicator": "wtz_to_work", "value": 4.5, "day": day, "source": "warsztat"}
    acts.enter_figure(adviser, later, later.revision, **figure)  # type: ignore[arg-type]
    changes = compare.compare(queries.result_of(signed), queries.result_of(later))
    row = next(r for r in changes.needs if r.code == "disability_work")
    assert row.change
    assert row.change < 0
    assert changes.same_data
    html = client_of(adviser).get(reverse("diagnosis:compare", args=[later.pk])).content.decode()
    assert "brak drogi do pracy" in html
    assert not signed.is_superseded


def test_a_later_signature_supersedes(signed: Diagnosis, adviser: Actor) -> None:
    later = acts.repeat(adviser, signed)
    acts.decide(adviser, later, later.revision, versions=list(signed.decision.versions.all()), reason="")
    acts.sign(adviser, later, later.revision)
    assert Diagnosis.objects.get(pk=signed.pk).is_superseded


def test_an_open_one_is_not_repeated(diagnosis: Diagnosis, adviser: Actor) -> None:
    with pytest.raises(ValidationError):
        acts.repeat(adviser, diagnosis)


def test_every_act_leaves_one_event(signed: Diagnosis) -> None:
    mine = Event.objects.filter(object_type="diagnosis.diagnosis", object_id=str(signed.pk))
    done = list(mine.values_list("act", flat=True))
    assert done == [
        "diagnosis.opened",
        *["diagnosis.question_answered"] * 3,
        "diagnosis.decided",
        "diagnosis.signed",
    ]
    assert mine.last().new == "signed"  # type: ignore[union-attr]
