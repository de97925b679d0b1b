"""Reading testers: with a code alone, or for those who may with their names; by the tester's own link."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from krzew.calls.models import token_hash
from krzew.trials.models import Consent, ConsentText, Innovation, Test, Tester
from krzew.trials.states import InnovationState, TesterState, TestState

PERSONAL = ("name", "email", "phone", "needs", "guardian")
"""Encrypted, read only where somebody's own page or the page of one tester shows it."""
IN_TEST = (TesterState.AGREED, TesterState.FINISHED)
OPEN = (TestState.PLANNED, TestState.RUNNING)


def coded(test: Test) -> QuerySet[Tester]:
    """Testers by code, with their consents that hold; nothing personal is read."""
    rows = Tester.objects.filter(test=test).defer(*PERSONAL)
    holding = Consent.objects.filter(withdrawn_at=None).select_related("text")
    return rows.prefetch_related(Prefetch("consents", queryset=holding, to_attr="holding"))


def named(test: Test) -> QuerySet[Tester]:
    """The same with names and contacts."""
    return coded(test).defer(None)


def by_code(test: Test, code: str) -> Tester | None:
    return named(test).filter(code=code).select_related("test__innovation").first()


def by_token(token: str) -> Tester | None:
    """The tester whose own link this is."""
    rows = Tester.objects.select_related("test__innovation__call__programme__organisation")
    return rows.filter(token_hash=token_hash(token)).first()


def newest_text(test: Test) -> ConsentText | None:
    return test.consent_texts.order_by("-number").first() if test.pk else None


def needed(tester: Tester) -> set[bool]:
    """Whose consent it takes: False is her own, True that of her guardian."""
    own = {False} if tester.decides_herself or not tester.has_guardian else set()
    return own | ({True} if tester.has_guardian else set())


def given(tester: Tester, text: ConsentText | None) -> set[bool]:
    """Who has agreed to this version of the text, and holds to it."""
    if text is None:
        return set()
    rows: list[Consent] | None = getattr(tester, "holding", None)
    if rows is None:
        rows = list(tester.consents.filter(withdrawn_at=None))
    return {row.by_guardian for row in rows if row.text_id == text.pk}


def is_ready(tester: Tester, text: ConsentText | None) -> bool:
    """Whether she takes part and everybody whose consent it takes has agreed to the text as it is now."""
    return tester.state in IN_TEST and needed(tester) <= given(tester, text)


def ready(test: Test) -> list[Tester]:
    text = newest_text(test)
    return [row for row in coded(test) if is_ready(row, text)] if text else []


def ready_count(test: Test) -> int:
    return len(ready(test))


def looking() -> QuerySet[Test]:
    """Tests that look for people, which everybody may see."""
    rows = Test.objects.filter(is_open=True, state__in=OPEN, innovation__state=InnovationState.RUNNING)
    joined = rows.select_related("innovation__call__programme__organisation")
    return joined.order_by("starts_on", "innovation__title", "pk")


def looking_one(slug: str) -> Test | None:
    return looking().filter(innovation__slug=slug).first()


def overdue(day: date) -> QuerySet[Tester]:
    """Testers whose names were promised to be gone by now."""
    told = Q(forgotten_at=None) | ~Q(left_why="")
    rows = Tester.objects.filter(told, test__keep_until__lt=day)
    return rows.select_related("test__innovation__call").order_by("pk")


def test_of(innovation: Innovation) -> Test | None:
    return getattr(innovation, "test", None)
