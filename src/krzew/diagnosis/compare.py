"""A diagnosis beside the one before it: what has changed, and whether more than the doubt around it."""

from __future__ import annotations

from dataclasses import dataclass

from krzew.diagnosis.result import Need, Result, Text


@dataclass(frozen=True)
class NeedChange:
    """`firm`: the two intervals do not meet, so the change is more than doubt."""

    code: str
    name: Text
    before: Need | None
    after: Need | None
    change: float | None
    firm: bool


@dataclass(frozen=True)
class Comparison:
    needs: tuple[NeedChange, ...]
    first_before: Text | None
    first_after: Text | None
    chosen_before: tuple[str, ...]
    same_data: bool
    same_method: bool


def compare(before: Result, after: Result) -> Comparison:
    """Both results need by need, the greatest change first."""
    earlier = {need.code: need for need in before.needs}
    rows = [_change(earlier.get(need.code), need) for need in after.needs]
    rows.sort(key=lambda row: (row.change is None, -abs(row.change or 0.0)))
    return Comparison(
        needs=tuple(rows),
        first_before=before.first.name if before.first else None,
        first_after=after.first.name if after.first else None,
        chosen_before=before.decision.slugs if before.decision else (),
        same_data=before.data.version == after.data.version,
        same_method=before.data.method == after.data.method,
    )


def _change(before: Need | None, after: Need) -> NeedChange:
    if before is None or before.severity is None or after.severity is None:
        return NeedChange(after.code, after.name, before, after, None, False)
    apart = (after.low or 0) > (before.high or 0) or (after.high or 0) < (before.low or 0)
    return NeedChange(after.code, after.name, before, after, after.severity - before.severity, apart)
