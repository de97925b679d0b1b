"""Reading agreements: the one that counts now on a page, and those before it."""

from __future__ import annotations

from krzew.trials.models import Agreement, Innovation, Tranche
from krzew.trials.states import AgreementState

OPEN = (AgreementState.DRAFT, AgreementState.OFFERED)


def versions(innovation: Innovation, code: str) -> list[Agreement]:
    """Every version of the agreement of this stage, oldest first, with signatures and tranches."""
    rows = Agreement.objects.filter(innovation=innovation.pk, stage=code).order_by("number")
    found = list(rows.prefetch_related("signatures", "tranches"))
    for row in found:
        row.innovation = innovation
    return found


def now(rows: list[Agreement]) -> Agreement | None:
    """What is being written or signed; otherwise the one in force; otherwise the last one."""
    waits = [row for row in rows if row.state in OPEN]
    force = [row for row in rows if row.state == AgreementState.SIGNED]
    return next(iter([*waits, *force[::-1], *rows[::-1]]), None)


def before(rows: list[Agreement], agreement: Agreement) -> Agreement | None:
    """The version that this one changes."""
    signed = (AgreementState.SIGNED, AgreementState.REPLACED)
    older = [row for row in rows if row.number < agreement.number and row.state in signed]
    return older[-1] if older else None


def tranche(innovation: Innovation, pk: int) -> Tranche | None:
    rows = Tranche.objects.select_related("agreement__innovation__call__programme__organisation")
    return rows.filter(pk=pk, agreement__innovation=innovation.pk).first()
