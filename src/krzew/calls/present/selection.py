"""What the page of a ranking shows, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.calls.assessment_words import points, told
from krzew.calls.models import Application, Call, Ranking
from krzew.calls.queries.selection import KeptList, assessor_names
from krzew.calls.selection_calibration import APART, EQUAL, FEW
from krzew.calls.selection_lists import misses_of
from krzew.methods.calibration.words import SENTENCES
from krzew.methods.portfolio import Change, Entry
from krzew.ui.components import Cell, Column, Tab, Table, Tag
from krzew.ui.formats import moment, money, number, share

PAID = ("funded", "partial")
NO_MONEY = ("cap", "stopped")
"""Reasons that the place below the line says by itself."""


def language() -> str:
    return (get_language() or "pl")[:2]


def amount(ranking: Ranking, value: Decimal) -> str:
    """Money; or places, where the list is limited by their number."""
    return _("places: %(count)s") % {"count": number(value)} if ranking.content["places"] else money(value)


def tabs(call: Call, ranking: Ranking, kept: list[KeptList], chosen: KeptList) -> list[Tab]:
    here = reverse("calls:ranking", args=[call.slug])
    if len(kept) < 2:
        return []
    return [
        Tab(
            str(part.label or _("without a list")),
            f"{here}?id={ranking.pk}&list={part.key}",
            current=part.key == chosen.key,
            count=len(part.decision.entries),
        )
        for part in kept
    ]


@dataclass(frozen=True)
class Group:
    """Lines with the same outcome, one after another."""

    title: str
    table: Table


def groups(
    ranking: Ranking, part: KeptList, entries: Iterable[Entry], rows: Mapping[str, Application]
) -> list[Group]:
    """The list cut at the line: who is paid, who waits, who is out and why."""
    shown = list(entries)
    titles = {
        "paid": _("The money reaches these"),
        "reserve": _("Below the line: the reserve list"),
        "out": _("Not selected"),
    }
    found = []
    for name, title in titles.items():
        own = [entry for entry in shown if _group(entry) == name]
        if own:
            found.append(Group(title, _table(ranking, part, own, rows, title, out=name == "out")))
    return found


def _group(entry: Entry) -> str:
    return "paid" if entry.outcome in PAID else "reserve" if entry.outcome == "reserve" else "out"


def _table(
    ranking: Ranking,
    part: KeptList,
    entries: list[Entry],
    rows: Mapping[str, Application],
    title: str,
    *,
    out: bool,
) -> Table:
    columns = [
        Column("place", _("Place")),
        Column("title", _("Application")),
        Column("points", _("Points") if ranking.content["points"] else _("Recommendations"), "number"),
    ]
    voted = any("public" in row for row in ranking.content["rows"].values())
    if voted:
        columns.append(Column("votes", _("Public votes"), "number"))
    if not out:
        columns += [
            Column("rank", _("Expected place"), "number", hint=_("severity of assessors taken out")),
            Column("chance", _("Chance"), "number", hint=_("to be above the line")),
            Column("asked", _("Asked for"), "number"),
            Column("granted", _("Gets"), "number"),
            Column("left", _("Left"), "number"),
        ]
    else:
        columns.append(Column("why", _("Why")))
    body = [_line(ranking, part, entry, rows.get(entry.code), out=out, voted=voted) for entry in entries]
    return Table(title, columns, body, caption_hidden=True)


def _line(
    ranking: Ranking, part: KeptList, entry: Entry, row: Application | None, *, out: bool, voted: bool
) -> list[Any]:
    head = [
        str(entry.place) if entry.place else "–",
        Cell(f"{entry.code} {entry.title}".strip(), note=row.applicant_name if row else ""),
        points(entry.points),
    ]
    if voted:
        head.append(_public(ranking, entry))
    if out:
        return [*head, why(ranking, entry)]
    return [*head, *_calibrated(part, entry), *_money(ranking, entry, row)]


def _public(ranking: Ranking, entry: Entry) -> Cell:
    """The public vote beside the points, as the ranking kept it."""
    found = ranking.content["rows"].get(entry.code, {}).get("public")
    if found is None:
        return Cell(None, missing="–")
    gained = Decimal(found["points"])
    note = _("in points: %(points)s") % {"points": points(gained)} if gained else ""
    return Cell(number(found["votes"]), note=note)


def why(ranking: Ranking, entry: Entry) -> str:
    """Why it is out, in words: every minimum and threshold that it misses."""
    missed = misses_of(ranking.content["rows"].get(entry.code, {}))
    if missed:
        return " ".join(dict.fromkeys(told(miss) for miss in missed))
    if entry.reason == "excluded":
        return _("Rejected before the ranking.")
    return entry.sentence(language())


def _calibrated(part: KeptList, entry: Entry) -> list[Any]:
    found = part.calibrated.get("ideas", {}).get(entry.code)
    if found is None:
        return [Cell(None, missing="–"), Cell(None, missing="–")]
    interval = _("%(low)s to %(high)s") % {"low": found["low"], "high": found["high"]}
    return [Cell(number(found["rank"], 1), note=interval), share(found["chance"], 0)]


def _money(ranking: Ranking, entry: Entry, row: Application | None) -> list[Any]:
    asked = row.amount if row and row.amount is not None else entry.cost
    paid = entry.outcome in PAID
    got: Any = asked if paid and ranking.content["places"] else entry.amount
    if not paid:
        note = "" if entry.reason in NO_MONEY else entry.sentence(language())
        return [money(asked), Cell(None, missing="–", note=note), amount(ranking, entry.left)]
    tag = Tag(_("part"), "clay") if entry.outcome == "partial" else None
    return [money(asked), Cell(money(got), tag=tag, note=_how(entry)), amount(ranking, entry.left)]


def _how(entry: Entry) -> str:
    """A word only where it is not simply in order."""
    return "" if entry.reason == "in_order" and not entry.tied else entry.sentence(language())


def calibration_words(part: KeptList) -> list[str]:
    """What to mind about the calibrated places, or why there are none and what would help."""
    found = part.calibrated
    if not found:
        return []
    if "refused" not in found:
        said = [
            _(
                "How much one card says: %(share)s of the differences between cards are differences between ideas."
            )
            % {"share": share(found["reliability"], 0)}
        ]
        return said + [SENTENCES[language()][code] for code in found["cautions"]]
    if found["refused"] == APART:
        return _apart(found)
    texts = {
        FEW: _("Severity cannot be taken out: two applications and two assessors are needed at least."),
        EQUAL: _("Severity cannot be taken out: all cards say the same."),
    }
    return [texts.get(found["refused"], _("Severity cannot be taken out of these cards."))]


def _apart(found: Mapping[str, Any]) -> list[str]:
    names = assessor_names(assessor for assessor, _label in found["readings"])
    first = _(
        "Severity cannot be told from quality: the cards fall into %(count)s groups without a common assessor. "
        "One more reading for each would link them:"
    ) % {"count": found["groups"]}
    readings = [
        _("%(assessor)s reads %(label)s.") % {"assessor": names.get(assessor, "–"), "label": label}
        for assessor, label in found["readings"][:5]
    ]
    return [first, *readings]


def change_words(ranking: Ranking, change: Change) -> list[str]:
    """Who gains and who loses, and the difference in money."""
    nobody = _("nobody")
    said = [
        _("Gets money then: %(labels)s.") % {"labels": ", ".join(change.gained) or nobody},
        _("Loses it: %(labels)s.") % {"labels": ", ".join(change.lost) or nobody},
    ]
    if not ranking.content["places"]:
        said.append(_("Difference in money granted: %(money)s.") % {"money": money(change.money)})
    return said


def quota_words(part: KeptList, labels: Mapping[str, str]) -> list[str]:
    """What each quota does: who is funded because of it, instead of whom."""
    text = _("%(quota)s: funded because of it: %(gained)s; without it instead: %(lost)s.")
    nobody = _("nobody")
    return [
        text
        % {
            "quota": labels.get(price.name, price.name),
            "gained": ", ".join(price.gained) or nobody,
            "lost": ", ".join(price.lost) or nobody,
        }
        for price in part.decision.quota_prices()
        if price.name in labels
    ]


def knapsack_words(part: KeptList) -> list[str]:
    found = part.decision.knapsack(time_limit=2.0)
    text = _(
        "For information: the most points that this money could buy is %(value)s, against %(decided)s now. "
        "It would fund: %(labels)s. Applications passed over by it: %(passed)s."
    )
    words = {"value": number(found.value), "decided": number(found.decided_value)}
    more = {"labels": ", ".join(found.codes), "passed": found.passed_over}
    return [text % (words | more)]


def earlier(call: Call, rows: Iterable[Ranking], chosen: Ranking) -> Table:
    """Every ranking that was made, to open and to compare."""
    here = reverse("calls:ranking", args=[call.slug])
    columns = [
        Column("at", _("Made on")),
        Column("who", _("By")),
        Column("hash", _("Data")),
        Column("with", _("Compare")),
    ]
    body = [
        [
            Cell(
                moment(row.made_at),
                url=f"{here}?id={row.pk}",
                tag=Tag(_("shown")) if row.pk == chosen.pk else None,
            ),
            str(row.made_by or ""),
            row.data_hash[:8],
            Cell(None, missing="–")
            if row.pk == chosen.pk
            else Cell(_("with the one shown"), url=f"{here}?id={chosen.pk}&with={row.pk}"),
        ]
        for row in rows
    ]
    return Table(_("Rankings made so far"), columns, body, caption_hidden=True)
