"""A stage of assessment for its team: the list, the progress, what has to be done next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.assessment_matching import Assessed, assessed_stages
from krzew.calls.assessment_words import points, told
from krzew.calls.definition.assessment import PitchStage, TalkStage
from krzew.calls.models import Application, Call, Meeting, Reading
from krzew.calls.present.readings import card_facts, card_total, reading_tag
from krzew.calls.queries.assessment import Standing
from krzew.calls.queries.assessment_opinions import Hint
from krzew.calls.states import ApplicationState
from krzew.ui.components import Cell, Column, Crumb, Fact, Progress, Tab, Table, Tag, Task
from krzew.ui.formats import day, moment, share

SORTS = ("number", "title", "cards", "total", "differ")
FILTERS = ("missing", "third", "missed")


def address(name: str, call: Call, code: str, *more: Any) -> str:
    return reverse(f"calls:{name}", args=[call.slug, code, *more])


def crumbs(call: Call, stage: Assessed, *more: Crumb) -> list[Crumb]:
    here = address("assessment", call, stage.code)
    team = reverse("calls:call_team", args=[call.slug])
    return [Crumb(call.name, team), Crumb(str(stage.label), here if more else ""), *more]


def tabs(call: Call, stage: Assessed, current: str) -> list[Tab]:
    """Parts of the work in this stage."""
    names = [("assessment", _("Cards")), ("assessment_plan", _("Who assesses what"))]
    if isinstance(stage, PitchStage | TalkStage):
        names.append(("assessment_meetings", _("Meetings")))
    names.append(("assessment_close", _("Closing the stage")))
    return [Tab(label, address(name, call, stage.code), current=name == current) for name, label in names]


def stages(call: Call, stage: Assessed) -> list[Tab]:
    """Other stages of the call in which people assess."""
    rows = assessed_stages(call.rules)
    if len(rows) < 2:
        return []
    return [
        Tab(str(s.label), address("assessment", call, s.code), current=s.code == stage.code) for s in rows
    ]


def bar(counts: Mapping[str, int]) -> Progress:
    """Signed cards of those that were given out."""
    done = counts["done"]
    whole = done + counts["assigned"] + counts["open"]
    text = _("%(done)s of %(whole)s cards signed") % {"done": done, "whole": whole}
    return Progress(_("Signed cards"), value=done, maximum=max(whole, 1), text=text)


def order(rows: Sequence[tuple[int, int | None, str]], known: Mapping[int, Standing], sort: str) -> list[int]:
    """Keys of applications in the order asked for; what has no points yet comes last either way."""
    name, down = sort.lstrip("-"), sort.startswith("-")
    nothing = Standing()

    def value(row: tuple[int, int | None, str]) -> Any:
        here = known.get(row[0], nothing)
        return {
            "title": row[2].casefold(),
            "cards": (here.missing, -here.done),
            "total": here.total if here.total is not None else Decimal(0),
            "differ": here.differ_by,
        }.get(name, row[1] or 0)

    ranked = sorted(rows, key=value, reverse=down)
    if name == "total":
        ranked.sort(key=lambda row: known.get(row[0], nothing).total is None)
    return [row[0] for row in ranked]


def chosen(keys: Iterable[int], known: Mapping[int, Standing], which: str) -> list[int]:
    """Those of one tab: cards missing, a third needed, something missed."""
    nothing = Standing()
    tests: dict[str, Callable[[Standing], bool]] = {
        "missing": lambda s: s.missing > 0 or s.short,
        "third": lambda s: s.third in ("needed", "asked"),
        "missed": lambda s: bool(s.misses),
    }
    test = tests.get(which)
    return [pk for pk in keys if test is None or test(known.get(pk, nothing))]


def filters(
    call: Call, stage: Assessed, keys: list[int], known: Mapping[int, Standing], now: str
) -> list[Tab]:
    here = address("assessment", call, stage.code)
    names = {"missing": _("Cards missing"), "third": _("Third opinion"), "missed": _("Below the threshold")}
    found = [Tab(_("All"), here, current=not now, count=len(keys))]
    for which, label in names.items():
        count = len(chosen(keys, known, which))
        if count or now == which:
            found.append(Tab(label, f"{here}?show={which}", current=now == which, count=count))
    return found


def listing(
    call: Call, stage: Assessed, rows: Iterable[Application], known: Mapping[int, Standing], sort: str
) -> Table:
    talk = isinstance(stage, TalkStage)
    columns = [
        Column("number", _("No."), "number", sortable=True),
        Column("title", _("Application"), sortable=True),
        Column("cards", _("Cards"), sortable=True),
    ]
    columns += [Column("advice", _("Recommendations"))] if talk else _points_columns(stage)
    columns.append(Column("state", _("State")))
    body = [_row(call, stage, row, known.get(row.pk, Standing()), talk) for row in rows]
    return Table(_("Applications in this stage"), columns, body, sort=sort, caption_hidden=True)


def _points_columns(stage: Assessed) -> list[Column]:
    one = not isinstance(stage, TalkStage) and not stage.topics  # topics may have different sums
    hint = _("of %(most)s") % {"most": points(stage.most)} if one else ""  # type: ignore[union-attr]
    return [
        Column("total", _("Points"), "number", sortable=True, hint=hint),
        Column("differ", _("Difference"), "number", sortable=True),
    ]


def _row(call: Call, stage: Assessed, row: Application, here: Standing, talk: bool) -> list[Any]:
    url = address("assessment_application", call, stage.code, row.pk)
    cards = f"{here.done} / {here.needed}" if here.wanted else Cell(None, missing=_("nobody yet"))
    said: list[Any] = (
        [_advice(here)] if talk else [_points(here.total), _points(here.differ_by, here.done > 1)]
    )
    note = told(here.misses[0]) if here.misses else ""
    return [row.label, Cell(str(row), url=url, note=note), cards, *said, Cell(None, tag=tag(row, here))]


def _points(value: Decimal | None, known: bool = True) -> Any:
    return points(value) if value is not None and known else Cell(None, missing="–")


def _advice(here: Standing) -> str:
    counts = {"yes": here.yes, "no": here.no, "talk": here.talk}
    return _("%(yes)s for, %(no)s against, %(talk)s to talk over") % counts


def tag(row: Application, here: Standing) -> Tag:
    """Where it stands, in two or three words."""
    if row.state != ApplicationState.SUBMITTED:
        return Tag(str(ApplicationState(row.state).label), "clay" if row.state == "out" else "neutral")
    if here.third in ("needed", "asked"):
        asked = here.third == "asked"
        return Tag(_("third asked") if asked else _("third needed"), "data" if asked else "clay")
    words = {
        "passed": Tag(_("goes on"), "leaf"),
        "missed": Tag(_("below the threshold"), "clay"),
        "undecided": Tag(_("no majority"), "data"),
    }
    return words.get(here.verdict) or Tag(_("cards missing") if here.wanted else _("not given out"))


def tasks(call: Call, stage: Assessed, facts: Mapping[str, int]) -> list[Task]:
    """What has to be done next, the most urgent first."""
    code, found = stage.code, []
    plan, close = address("assessment_plan", call, code), address("assessment_close", call, code)
    if facts["waits"]:
        label = _("A proposal of assignment waits for your decision")
        found.append(Task(label, plan, state="doing"))
    elif facts["without"]:
        count = facts["without"]
        label = ngettext(
            "%(count)s application has no assessors", "%(count)s applications have no assessors", count
        )
        found.append(Task(label % {"count": count}, plan))
    if facts["short"] and not facts["waits"]:
        label = _("Somebody refused or is linked: propose the fewest changes")
        found.append(Task(label, plan))
    if facts["third"]:
        found.append(_third_task(call, code, facts["third"]))
    if facts["open"]:
        found.append(_open_task(facts["open"]))
    if not (facts["open"] or facts["without"] or facts["third"] or facts["short"]) and facts["standing"]:
        found.append(Task(_("Every card is signed: close the stage"), close))
    return found


def _third_task(call: Call, code: str, count: int) -> Task:
    label = ngettext(
        "A third assessor is needed for %(count)s application",
        "A third assessor is needed for %(count)s applications",
        count,
    )
    here = address("assessment", call, code)
    return Task(
        label % {"count": count},
        f"{here}?show=third",
        note=_("The cards differ by more than the rules allow."),
    )


def _open_task(count: int) -> Task:
    label = ngettext("%(count)s card is not signed yet", "%(count)s cards are not signed yet", count)
    return Task(label % {"count": count}, state="waiting", who=_("the assessors"))


def standing_facts(stage: Assessed, here: Standing) -> list[Fact]:
    rows = [Fact(_("Cards"), _("%(done)s of %(wanted)s signed") % {"done": here.done, "wanted": here.needed})]
    if here.total is not None and not isinstance(stage, TalkStage):
        facts = {"points": points(here.total), "most": points(stage.most)}
        rows.append(Fact(_("Points"), _("%(points)s of %(most)s") % facts))
        rows.append(Fact(_("Difference between cards"), points(here.differ_by)))
    if isinstance(stage, TalkStage):
        rows.append(Fact(_("Recommendations"), _advice(here)))
    if here.misses:
        rows.append(Fact(_("What is missed"), [told(miss) for miss in here.misses]))
    return rows


def readings(stage: Assessed, rows: Iterable[Reading]) -> list[dict[str, Any]]:
    """Every reading of one application: who, where it stands, the signed versions, what the team may do."""
    return [_reading(stage, row) for row in rows]


def _reading(stage: Assessed, row: Reading) -> dict[str, Any]:
    cards = list(row.cards.all())
    versions = [
        {"number": c.version, "at": c.signed_at, "total": card_total(stage, c), "facts": card_facts(stage, c)}
        for c in reversed(cards)
    ]
    notes = [
        _("third opinion") if row.third else "",
        _("by %(day)s") % {"day": day(row.due_on)} if row.due_on and not cards else "",
        row.refused_why,
        _("changed by hand: %(why)s") % {"why": row.assigned_why} if row.assigned_why else "",
    ]
    return {
        "row": row,
        "who": str(row.assessor),
        "tag": reading_tag(row),
        "note": " · ".join(note for note in notes if note),
        "versions": versions,
        "may_reopen": row.state == "done",
        "may_take": row.state in ("assigned", "open"),
    }


def meetings(call: Call, stage: Assessed, rows: Iterable[Meeting]) -> Table:
    columns = [
        Column("at", _("When")),
        Column("application", _("Application")),
        Column("where", _("Where")),
        Column("came", _("Attendance")),
        Column("act", "", "action"),
    ]
    return Table(_("Meetings"), columns, [_meeting(call, stage, row) for row in rows], caption_hidden=True)


def _meeting(call: Call, stage: Assessed, row: Meeting) -> list[Any]:
    tags = {True: Tag(_("came"), "leaf"), False: Tag(_("did not come"), "clay"), None: Tag(_("not noted"))}
    length = _("%(minutes)s minutes") % {"minutes": row.minutes}
    url = address("assessment_meeting", call, stage.code, row.pk)
    return [
        Cell(moment(row.at), note=length),
        f"{row.application.label} {row.application}",
        row.where,
        Cell(None, tag=tags[row.attended]),
        Cell(_("Open the meeting"), url=url),
    ]


def hint(call: Call, stage: Assessed, known: Hint, rows: Mapping[int, Application]) -> Table:
    """Applications near the line, by the chance that one more card changes the decision."""
    columns = [
        Column("application", _("Application")),
        Column("chance", _("Chance that one more card changes the decision"), "number"),
        Column("now", _("By the cards of today")),
    ]
    body = []
    for pk, chance, funded in known.rows:
        rows[pk].call = call
        url = address("assessment_application", call, stage.code, pk)
        now = _("above the line") if funded else _("below the line")
        body.append([Cell(f"{rows[pk].label} {rows[pk]}", url=url), share(chance, 0), now])
    return Table(_("Where one more opinion could matter"), columns, body, caption_hidden=True)
