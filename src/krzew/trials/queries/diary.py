"""Reading the diary and the risks of an innovation."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from krzew.trials.models import Diary, DiaryKind, Innovation, Risk


def entries(innovation: Innovation, kind: str = "") -> QuerySet[Diary]:
    """Newest first, of one kind or all."""
    rows = Diary.objects.filter(innovation=innovation).select_related("by")
    return rows.filter(kind=kind) if kind else rows


def hours(innovation: Innovation) -> Decimal:
    """Hours of support by the mentor so far."""
    rows = Diary.objects.filter(innovation=innovation, kind=DiaryKind.SUPPORT)
    return rows.aggregate(all=Sum("hours"))["all"] or Decimal(0)


def missed_workshops(innovation: Innovation) -> int:
    """Workshops to which nobody of the team came; programmes ask for one person at least."""
    return Diary.objects.filter(innovation=innovation, kind=DiaryKind.WORKSHOP, attended=0).count()


def risks(innovation: Innovation) -> QuerySet[Risk]:
    """Open ones first, the heaviest on top."""
    rows = Risk.objects.filter(innovation=innovation).annotate(weight=F("likelihood") * F("impact"))
    return rows.order_by(F("closed_at").asc(nulls_first=True), "-weight", "-impact", "pk")


def risk(innovation: Innovation, pk: int) -> Risk | None:
    return Risk.objects.filter(innovation=innovation, pk=pk).select_related("innovation").first()
