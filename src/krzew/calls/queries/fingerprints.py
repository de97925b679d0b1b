"""What a call publishes so that everybody can check later that nothing was changed: fingerprints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models.fields.json import KT

from krzew.calls.models import AssignmentPlan, Call, Ranking


@dataclass(frozen=True)
class Fingerprint:
    """`kind`: "draw" (the seed between equals) or "assignment" (who assesses what)."""

    kind: str
    stage: str
    code: str
    at: datetime | None


def fingerprints(call: Call) -> list[Fingerprint]:
    """Seeds of draws from the moment they were chosen, and assignments from the moment they were adopted."""
    draws = Ranking.objects.filter(call=call, data_hash="").exclude(seed_commitment="")
    plans = AssignmentPlan.objects.filter(call=call, adopted_at__isnull=False)
    plans = plans.annotate(code=KT("proposal__fingerprint")).exclude(code__isnull=True)
    rows: list[tuple[str, str, str, datetime | None]]
    rows = [("draw", *row) for row in draws.values_list("stage", "seed_commitment", "made_at")]
    rows += [("assignment", *row) for row in plans.values_list("stage", "code", "adopted_at")]
    return sorted((Fingerprint(*row) for row in rows), key=lambda one: str(one.at))
