"""Solutions of a result on the page: two axes, the ranked list, points, conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from krzew.diagnosis.result import Condition, Criterion, Part, Result, Solution
from krzew.ui import figures, formats
from krzew.ui.components import Cell, Column, Figure, QuadrantPoint, Table, Tag

SHOWN_POINTS = 10
"""More numbered points than this cannot be told apart on a phone; the list has all."""

QUADRANTS = {
    "do": (gettext_lazy("needed, and probably possible"), "leaf"),
    "prepare": (gettext_lazy("needed, to be prepared"), "data"),
    "easy": (gettext_lazy("possible, but less needed"), "neutral"),
    "later": (gettext_lazy("neither needed most nor possible yet"), "neutral"),
}
OUTCOMES = {
    "pass": (gettext_lazy("met"), "leaf"),
    "fail": (gettext_lazy("not met"), "clay"),
    "unknown": (gettext_lazy("not known yet"), "neutral"),
}
DOORS = {
    "integration": gettext_lazy("from the people whom it serves"),
    "service": gettext_lazy("from the service that the place lacks"),
}
KINDS = {
    "cooperative_model": gettext_lazy("models of social cooperatives"),
    "innovation": gettext_lazy("social innovations"),
}


def chosen(result: Result, kind: str = "", door: str = "") -> list[Solution]:
    """Ranked solutions of one kind and door, or all."""
    return [s for s in result.ranked if kind in ("", s.kind) and door in ("", s.door)]


def excluded(result: Result) -> list[Solution]:
    return [s for s in result.solutions if s.rank is None]


def quadrant(solutions: Sequence[Solution], result: Result, taken: Sequence[str] = ()) -> Figure | None:
    """Need × feasibility of the first ten."""
    rows = [s for s in solutions if s.feasibility is not None][:SHOWN_POINTS]
    if not rows:
        return None
    language = (get_language() or "pl")[:2]
    points = [
        QuadrantPoint(str(s.name), s.score / 100, (s.feasibility or 0.0) / 100, chosen=s.slug in taken)
        for s in rows
    ]
    x, y = _("Need →"), _("Feasibility ↑")
    spec = figures.quadrant(points, x_title=x, y_title=y, lang=language)
    return Figure(
        key=figures.store(spec, public=False),
        title=_finding(rows),
        source=_("Krzew, method %(version)s") % {"version": result.data.method},
        date=result.data.made_on,
        table=figures.quadrant_table(points, _("Need and feasibility"), _("Need"), _("Feasibility")),
        note=_(
            "The numbers are those of the list. Broken lines mark the middle, 50. The two sides are never averaged."
        ),
        kind="quadrant",
    )


def _finding(rows: Sequence[Solution]) -> str:
    first = rows[0]
    word, _tone = QUADRANTS[first.quadrant]
    return _("“%(name)s” answers the need best; it is %(how)s") % {"name": first.name, "how": word}


def acceptability(solution: Solution) -> str:
    """First-rank acceptability in words and number."""
    share = solution.acceptability
    if share is None:
        return ""
    of_100 = {"n": formats.number(round(100 * share), 0)}
    if solution.robust:
        return _("First in %(n)s of 100 ways of weighing: it hardly depends on the weights.") % of_100
    if share >= 0.25:
        return _("First in %(n)s of 100 ways of weighing: it depends on what you care about.") % of_100
    if share >= 0.01:
        return _("First in %(n)s of 100 ways of weighing: only with rather special weights.") % of_100
    return _("First in hardly any way of weighing.")


def cards(solutions: Sequence[Solution]) -> list[dict[str, Any]]:
    return [{"solution": s, "acceptability": acceptability(s), "tag": tag(s)} for s in solutions]


def tag(solution: Solution) -> Tag:
    label, tone = QUADRANTS[solution.quadrant]
    return Tag(str(label), tone)


def parts_table(solution: Solution, result: Result) -> Table:
    """How the score of need comes about, line by line; the lines add up."""
    return _parts(solution.parts, solution.score, result, _("How the score of need comes about"))


def feasibility_table(solution: Solution, result: Result) -> Table:
    return _parts(solution.feasibility_parts, solution.feasibility, result, _("How feasibility comes about"))


def _parts(parts: Sequence[Part], total: float | None, result: Result, caption: str) -> Table:
    columns = [
        Column("criterion", _("Criterion")),
        Column("value", _("Measured"), kind="number"),
        Column("points", _("Points"), kind="number"),
        Column("of", _("Out of"), kind="number"),
    ]
    known = {c.code: c for c in result.criteria}
    rows = [_part(p, known[p.criterion]) for p in parts]
    rows.append([_("Together"), "", formats.number(total, 1), formats.number(100, 1)])
    return Table(caption, columns, rows)


def _part(part: Part, criterion: Criterion) -> list[Any]:
    name = Cell(str(part.label), note=str(criterion.explanation))
    points = [formats.number(part.points, 1), formats.number(part.of, 1)]
    if part.value is None:
        return [name, Cell(None, missing=_("not known: counted as half")), *points]
    return [name, Cell(formats.number(part.value, 2), note=str(criterion.unit)), *points]


def conditions_table(conditions: Sequence[Condition]) -> Table:
    columns = [
        Column("text", _("Condition")),
        Column("effect", _("How strict")),
        Column("outcome", _("Here")),
        Column("answer", _("Who said so")),
    ]
    rows = [
        [
            Cell(str(c.text), note=_("by law") if c.basis == "law" else _("from practice")),
            _("necessary") if c.effect == "must" else _("recommended"),
            Cell(None, tag=Tag(str(OUTCOMES[c.outcome][0]), OUTCOMES[c.outcome][1])),
            str(c.answer) or "–",
        ]
        for c in conditions
    ]
    return Table(_("What must be there first"), columns, rows, empty=_("the card names no condition."))


def side_by_side(solutions: Sequence[Solution]) -> Table:
    """Points of several solutions on each criterion."""
    columns = [Column("criterion", _("Criterion"))]
    columns += [Column(s.slug, str(s.name), kind="number") for s in solutions]
    labels = {p.criterion: p.label for s in solutions for p in s.parts}
    rows: list[list[Any]] = [
        [str(label), *[_points(s, code) for s in solutions]] for code, label in labels.items()
    ]
    rows.append([_("Need together"), *[formats.number(s.score, 1) for s in solutions]])
    rows.append([_("Feasibility"), *[formats.number(s.feasibility, 1) for s in solutions]])
    return Table(_("The first ones side by side, points"), columns, rows)


def _points(solution: Solution, code: str) -> str:
    part = next((p for p in solution.parts if p.criterion == code), None)
    return formats.number(part.points, 1) if part else "–"


def criteria_table(result: Result) -> Table:
    columns = [
        Column("criterion", _("Criterion")),
        Column("axis", _("Side")),
        Column("range", _("Range"), hint=_("from no points to all")),
        Column("weight", _("Weight"), kind="number"),
    ]
    sides = {"need": _("need"), "feasibility": _("feasibility")}
    rows = []
    for c in result.criteria:
        span = f"{formats.number(c.low)} → {formats.number(c.high)}"
        weight = Cell(None, missing=str(c.left_out)) if c.left_out else Cell(formats.number(c.weight, 0))
        note = f"{c.explanation} {c.basis}"
        rows.append([Cell(str(c.label), note=note), sides[c.axis], Cell(span, note=str(c.unit)), weight])
    return Table(_("By what solutions are judged"), columns, rows)


def compare_address(solutions: Sequence[Solution]) -> str:
    """The library's page that lays the cards of these solutions side by side."""
    slugs = [("compare", s.slug) for s in solutions]
    return f"{reverse('library:compare')}?{urlencode(slugs)}" if len(slugs) > 1 else ""
