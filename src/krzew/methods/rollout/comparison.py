"""Two plans side by side: what each has alone, what moves, what it changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import BoolArray, FloatArray, IntArray, MethodError
from .plan import NEVER, Plan, Start
from .sentences import Voice


@dataclass(frozen=True, eq=False)
class Comparison:
    """From plan `a` to plan `b`: starts that only one has, starts `moved` to another year (as in b), and the
    differences b - a of objective, `coverage` (models, years) and `spend` (years,)."""

    a: Plan
    b: Plan
    only_a: tuple[Start, ...]
    only_b: tuple[Start, ...]
    moved: tuple[tuple[Start, Start], ...]
    common: int
    objective: float
    coverage: FloatArray
    spend: FloatArray

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """The comparison as sentences."""
        voice = Voice(lang)
        counts = {
            "common": self.common,
            "only_a": len(self.only_a),
            "only_b": len(self.only_b),
            "moved": len(self.moved),
        }
        lines = [voice.say("compared", **{k: voice.starts(n) for k, n in counts.items()})]
        share = abs(self.objective) / self.a.objective if self.a.objective > 0 else 0.0
        key = "same_reach" if share < 5e-5 else "more_reach" if self.objective > 0 else "less_reach"
        lines.append(voice.say(key, share=voice.percent(share)))
        return tuple(lines)


def compare(plan_a: Plan, plan_b: Plan) -> Comparison:
    """What changes from the first plan to the second; both for the same places, models and years."""
    p, q = plan_a.problem, plan_b.problem
    for field in ("places", "models", "years"):
        if getattr(p, field) != getattr(q, field):
            raise MethodError(field, "must be the same in both plans")
    a, b = plan_a.schedule, plan_b.schedule

    def starts(table: IntArray, chosen: BoolArray) -> tuple[Start, ...]:
        return tuple(Start(p.places[i], p.models[m], p.years[table[i, m]]) for i, m in np.argwhere(chosen))

    both = (a != NEVER) & (b != NEVER)
    other_year = both & (a != b)
    return Comparison(
        plan_a,
        plan_b,
        starts(a, (a != NEVER) & ~both),
        starts(b, (b != NEVER) & ~both),
        tuple(zip(starts(a, other_year), starts(b, other_year), strict=True)),
        int((both & ~other_year).sum()),
        plan_b.objective - plan_a.objective,
        plan_b.coverage - plan_a.coverage,
        plan_b.spend - plan_a.spend,
    )
