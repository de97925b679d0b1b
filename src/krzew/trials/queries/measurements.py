"""Reading what was measured."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Count

from krzew.trials.models import Measurement, Test


def known(test: Test, question: str, moment: str) -> dict[str, Decimal]:
    """Answers that are kept, by the codes of the testers."""
    rows = Measurement.objects.filter(test=test, question=question, moment=moment)
    return dict(rows.values_list("tester__code", "value"))


def counts(test: Test) -> dict[tuple[str, str], int]:
    """How many people were measured, by question and moment."""
    rows = Measurement.objects.filter(test=test).values("question", "moment").annotate(n=Count("pk"))
    return {(row["question"], row["moment"]): row["n"] for row in rows.order_by()}
