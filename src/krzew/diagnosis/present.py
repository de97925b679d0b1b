"""From a result to what the components of a page are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.forms import Field
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.accounts.actors import Actor
from krzew.diagnosis.compare import Comparison, NeedChange
from krzew.diagnosis.forms import Seen
from krzew.diagnosis.models import Diagnosis
from krzew.diagnosis.result import Evidence, Need, Result, Text
from krzew.diagnosis.states import State
from krzew.diagnosis.wording import shown
from krzew.network.models import Sector
from krzew.network.present import people_text
from krzew.places import vocabulary
from krzew.places.names import place_line, short_name
from krzew.timeline.models import Event
from krzew.timeline.shown import moments as shown_moments
from krzew.ui import formats
from krzew.ui.components import Cell, Column, Crumb, Fact, Interval, Moment, Tab, Table, Tag

TABS = {
    "detail": gettext_lazy("Overview"),
    "needs": gettext_lazy("Needs"),
    "voices": gettext_lazy("Voices"),
    "figures": gettext_lazy("Local figures"),
    "solutions": gettext_lazy("Solutions"),
    "decision": gettext_lazy("Decision"),
    "report": gettext_lazy("Report"),
    "history": gettext_lazy("History"),
}
INSIDE = ("voices", "report", "history")
"""Tabs that only the organisation itself sees; the public reads the result."""


def url(name: str, diagnosis: Diagnosis, *more: Any) -> str:
    return reverse(f"diagnosis:{name}", args=[diagnosis.pk, *more])


def tabs(diagnosis: Diagnosis, current: str, actor: Actor) -> list[Tab]:
    inside = actor.acts_for(diagnosis.organisation_id)
    names = [name for name in TABS if inside or name not in INSIDE]
    return [Tab(str(TABS[name]), url(name, diagnosis), name == current) for name in names]


def title(diagnosis: Diagnosis) -> str:
    return short_name(diagnosis.place)


def crumbs(diagnosis: Diagnosis, tab: str) -> list[Crumb]:
    rows = [
        Crumb(_("Diagnoses"), reverse("diagnosis:list")),
        Crumb(title(diagnosis), url("detail", diagnosis)),
    ]
    return rows + ([Crumb(str(TABS[tab]))] if tab in TABS and tab != "detail" else [])


def state_tags(diagnosis: Diagnosis) -> list[Tag]:
    tones = {State.OPEN: "data", State.SIGNED: "leaf", State.CANCELLED: "clay"}
    label = str(State(diagnosis.state).label)
    if diagnosis.is_signed and diagnosis.signed_at:
        label = _("signed on %(day)s") % {"day": formats.day(diagnosis.signed_at)}
    tags = [Tag(label, tones[State(diagnosis.state)])]
    if diagnosis.is_superseded:
        tags.append(Tag(_("a later diagnosis exists"), "clay"))
    if diagnosis.public:
        tags.append(
            Tag(_("published") if diagnosis.is_signed else _("will be published when signed"), "neutral")
        )
    return tags


def where(diagnosis: Diagnosis) -> str:
    return place_line(diagnosis.place)


def listing(rows: Iterable[Diagnosis]) -> Table:
    columns = [
        Column("place", _("Place")),
        Column("state", _("State")),
        Column("opened", _("Opened"), kind="date"),
        Column("organisation", _("Organisation")),
        Column("chosen", _("Chosen")),
    ]
    body = [
        [
            Cell(title(d), url=url("detail", d), note=where(d)),
            Cell(None, tag=state_tags(d)[0]),
            formats.day(d.opened_at),
            str(d.organisation),
            _chosen(d),
        ]
        for d in rows
    ]
    return Table(_("Diagnoses that you may read, latest first"), columns, body, caption_hidden=True)


def _chosen(diagnosis: Diagnosis) -> Any:
    decision = getattr(diagnosis, "decision", None)
    if decision is None:
        return Cell(None, missing=_("not chosen yet"))
    names = [formats_name(v) for v in decision.versions.all()]
    return ", ".join(names)


def formats_name(version: Any) -> str:
    return str(version.name_pl if formats.locale().language == "pl" else version.name_en)


# --- needs -----------------------------------------------------------------------------------------


def need_intervals(result: Result, address: Any) -> list[Interval]:
    """One bar for each known need, the most serious first."""
    return [
        Interval(
            label=str(n.name),
            value=n.severity or 0.0,
            low=n.low or 0.0,
            high=n.high or 0.0,
            maximum=100.0,
            decimals=0,
            url=address(n),
            note=" ".join(filter(None, [str(n.sentence), _thin(n)])),
        )
        for n in result.known_needs
    ]


def _thin(need: Need) -> str:
    return _("Thin evidence: look at what is missing.") if need.status == "thin" and need.statistics else ""


def side_by_side(result: Result, address: Any) -> Table:
    """Statistics beside voices."""
    columns = [
        Column("need", _("Problem")),
        Column("statistics", _("Statistics"), kind="number", hint=_("0–100, 100 is worst")),
        Column("voices", _("Voices"), kind="number", hint=_("0–100, 50 is as often as an average problem")),
        Column("both", _("Together"), kind="number"),
        Column("talk", _("To talk about")),
    ]
    rows = [
        [
            Cell(str(n.name), url=address(n)),
            _estimate(n.statistics, _("statistics are silent")),
            _estimate(n.voices, _("nobody was asked")),
            f"{formats.number(n.severity, 0)} ({formats.number(n.low, 0)}–{formats.number(n.high, 0)})",
            Cell(None, tag=Tag(disagreement(n), "clay")) if n.disagreement else "",
        ]
        for n in result.known_needs
    ]
    return Table(_("Statistics beside voices"), columns, rows)


def _estimate(estimate: Any, missing: str) -> Cell:
    if estimate is None:
        return Cell(None, missing=missing)
    low, high = formats.number(estimate.low, 0), formats.number(estimate.high, 0)
    return Cell(formats.number(estimate.value, 0), note=f"{low}–{high}")


def disagreement(need: Need) -> str:
    return (
        _("people say more than statistics")
        if need.higher == "voices"
        else _("statistics say more than people")
    )


def evidence_table(need: Need) -> Table:
    columns = [
        Column("indicator", _("Figure")),
        Column("value", _("Here"), kind="number"),
        Column("group", _("Similar gminas"), kind="number", hint=_("median and middle half")),
        Column("score", _("Points"), kind="number", hint=_("0–100, 100 is worst")),
        Column("weight", _("Weight"), kind="number"),
        Column("source", _("Source")),
    ]
    rows = [_evidence_row(e) for e in need.evidence]
    empty = _("no figure speaks of this problem.")
    return Table(_("What the figures say"), columns, rows, empty=empty)


def _evidence_row(e: Evidence) -> list[Any]:
    if e.value is None:
        return [str(e.name), Cell(None, missing=str(e.missing)), _group(e), "–", "–", e.source or "–"]
    tag = Tag(_("entered here"), "data") if e.flag == "local" else None
    value = Cell(shown(e.value, e.unit, e.decimals), note=e.year, tag=tag)
    points = Cell(formats.number(e.score, 0)) if e.score is not None else Cell(None, missing=_("not scored"))
    return [str(e.name), value, _group(e), points, formats.share(e.weight, 0), e.source]


def _group(e: Evidence) -> Any:
    if e.group_median is None:
        return Cell(None, missing=_("no data"))
    middle = f"{formats.number(e.group_q1, e.decimals)}–{formats.number(e.group_q3, e.decimals)}"
    return Cell(shown(e.group_median, e.unit, e.decimals), note=middle)


def unknown_table(result: Result) -> Table:
    columns = [Column("need", _("Problem")), Column("holders", _("Who knows"))]
    rows = [[Cell(str(n.name), note=str(n.description)), str(n.holders) or "–"] for n in result.unknown_needs]
    return Table(_("Problems of which nothing is known here yet"), columns, rows)


def sector_names(codes: Iterable[str]) -> str:
    return ", ".join(str(Sector(code).label) for code in codes if code in Sector.values)


def group_table(result: Result) -> Table:
    columns = [
        Column("name", _("Gmina")),
        Column("distance", _("Distance"), kind="number", hint=_("0 is a twin")),
        Column("how", _("How it came in")),
    ]
    rows = [
        [
            Cell(str(n.full), url=reverse("places:detail", args=[n.code]), note=str(n.where)),
            formats.number(n.distance, 2),
            _how(n.pinned, n.borrowed, n.reason),
        ]
        for n in result.group.neighbours
    ]
    rows += [
        [
            Cell(str(d.full), url=reverse("places:detail", args=[d.code])),
            "–",
            _("left out: %(why)s") % {"why": d.reason},
        ]
        for d in result.group.dropped
    ]
    return Table(
        _("Gminas that this one is compared with"), columns, rows, empty=_("there is none for this gmina.")
    )


def _how(pinned: bool, borrowed: bool, reason: str) -> str:
    if pinned:
        return _("chosen by the adviser: %(why)s") % {"why": reason}
    return _("nearest of a neighbouring type") if borrowed else _("nearest of the same type")


# --- the rest -----------------------------------------------------------------------------------------


def moments(events: Iterable[Event]) -> list[Moment]:
    """The history, with the reason where one was kept."""
    rows = list(events)
    return [
        replace(m, text=" ".join(filter(None, [m.text, str(e.data.get("reason") or "")])))
        for m, e in zip(shown_moments(rows), rows, strict=True)
    ]


def both_values(form: Seen, theirs: Mapping[str, Any]) -> list[tuple[str, str, str, bool]]:
    """Label, mine, theirs, and whether they differ, for every visible field."""
    rows = []
    for name in form.fields_shown():
        field = form.fields[name]
        mine, other = _in_words(field, form.cleaned_data.get(name)), _in_words(field, theirs.get(name))
        rows.append((str(field.label), mine, other, mine != other))
    return rows


def _in_words(field: Field, value: Any) -> str:
    if value in (None, "", []):
        return _("empty")
    if isinstance(value, list | tuple):
        return ", ".join(formats_name(v) for v in value)
    flat = dict(_flat(getattr(field, "choices", None) or []))
    return str(flat.get(str(value), value))


def _flat(choices: Iterable[Any]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for value, label in choices:
        rows += (
            [(str(v), str(x)) for v, x in label]
            if isinstance(label, list | tuple)
            else [(str(value), str(label))]
        )
    return rows


def meetings_text(count: int) -> str:
    return ngettext("%(n)d meeting", "%(n)d meetings", count) % {"n": count}


def names_of(result: Result, slugs: Sequence[str]) -> list[str]:
    found = [(slug, result.solution(slug)) for slug in slugs]
    return [str(s.name) if s else slug for slug, s in found]


def local_rows(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    """Figures entered here, with their names and who has them."""
    rows = []
    for figure in diagnosis.local_figures.all():
        spec = vocabulary.indicators().get(figure.indicator)
        value = (
            shown(figure.value, Text(spec.unit_pl, spec.unit_en), spec.decimals)
            if spec
            else str(figure.value)
        )
        rows.append({"figure": figure, "name": spec.name if spec else figure.indicator, "value": value})
    return rows


def changes_table(changes: Comparison) -> Table:
    columns = [
        Column("need", _("Problem")),
        Column("before", _("Before"), kind="number"),
        Column("after", _("Now"), kind="number"),
        Column("change", _("Change"), kind="number"),
        Column("firm", _("Is it more than doubt?")),
    ]
    rows = [
        [
            str(row.name),
            _severity(row.before),
            _severity(row.after),
            Cell(formats.number(row.change, 0)) if row.change is not None else Cell(None, missing="–"),
            _firmness(row),
        ]
        for row in changes.needs
    ]
    return Table(_("Problems before and now"), columns, rows)


def _severity(need: Need | None) -> Cell:
    if need is None or need.severity is None:
        return Cell(None, missing=_("not known"))
    span = f"{formats.number(need.low, 0)}–{formats.number(need.high, 0)}"
    return Cell(formats.number(need.severity, 0), note=span)


def _firmness(row: NeedChange) -> str:
    if row.change is None:
        return _("cannot be compared")
    return _("yes, the intervals do not meet") if row.firm else _("no, it may be chance")


def frozen_facts(diagnosis: Diagnosis, result: Result) -> list[Fact]:
    """What a signature freezes, to be read before signing."""
    voices = result.voices
    return [
        Fact(_("Data"), _("version %(version)s") % {"version": result.data.version}),
        Fact(_("Method"), _("version %(version)s") % {"version": result.data.method}),
        Fact(_("Comparison group"), _gminas(len(result.group.neighbours))),
        Fact(_("Voices"), f"{meetings_text(voices.meetings)}, {people_text(voices.people)}"),
        Fact(_("Local figures"), str(diagnosis.local_figures.count())),
        Fact(_("Answers to questions"), str(diagnosis.answers.count())),
        Fact(_("Solutions compared"), str(len(result.solutions))),
    ]


def _gminas(count: int) -> str:
    return ngettext("%(n)d gmina", "%(n)d gminas", count) % {"n": count}
