"""The answer page in plain values: needs named back, solutions with the person's own words, what is near and known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from krzew.accounts.models import Organisation
from krzew.calls.models import Call
from krzew.door.finding.result import FAILED, HARMFUL, MIXED, TESTED, UNTESTED, Found
from krzew.door.finding.result import Need as Heard
from krzew.door.queries import thesaurus
from krzew.door.queries.answers import Around, Asked, key_of, known_here
from krzew.library import labels
from krzew.library.cards import said
from krzew.library.models import Solution
from krzew.places import vocabulary
from krzew.places.models import Unit
from krzew.places.names import short_name
from krzew.places.standings import Standing
from krzew.trials.models import Test
from krzew.ui.components import Link, Tag

TONES = {FAILED: "clay", HARMFUL: "clay", MIXED: "data", TESTED: "leaf", UNTESTED: "neutral"}
FIRST = 3
MOST_WORDS = 6
MOST_NEAR = 3


@dataclass(frozen=True)
class Shown:
    """One solution."""

    name: str
    url: str
    sentence: str
    words: SafeString
    evidence: Tag
    result: str = ""
    near: tuple[str, ...] = ()
    ask_url: str = ""


@dataclass(frozen=True)
class Matter:
    """A figure of the place on the matter, with its source."""

    text: str
    source: str
    url: str


@dataclass(frozen=True)
class ShownNeed:
    """One need as it is named back."""

    code: str
    label: str
    phrase: SafeString
    first: tuple[Shown, ...] = ()
    more: tuple[Shown, ...] = ()
    nearest: tuple[tuple[str, str], ...] = ()
    matters: tuple[Matter, ...] = ()
    earlier: str = ""
    tests: tuple[Link, ...] = field(default=())
    others_url: str = ""


def needs(asked: Asked, heard: Sequence[Heard], around: Around) -> list[ShownNeed]:
    codes = {need.code for need in heard}
    return [_need(asked, need, around, codes) for need in heard]


def _need(asked: Asked, need: Heard, around: Around, shown: set[str]) -> ShownNeed:
    rows = [
        _solution(one, around.solutions[one.slug], asked)
        for one in need.solutions
        if one.slug in around.solutions
    ]
    codes = need_codes(need, around.concepts)
    words = [word for one in need.solutions[:FIRST] for word in one.words]
    tongue = thesaurus.language()
    near = thesaurus.nearest(need.code, around.concepts)
    return ShownNeed(
        key_of(need),
        need.label or _("something that has no name here yet"),
        marked(need.phrase, words),
        tuple(rows[:FIRST]),
        tuple(rows[FIRST:]),
        tuple((one.code, one.label(tongue)) for one in near if one.code not in shown),
        tuple(_matter(row) for row in _figures(codes, around.figures)),
        _earlier(around.earlier.get(need.code), asked.place),
        tuple(_test(test) for test in around.tests.get(key_of(need), ())),
        f"{reverse('library:home')}?need={codes[0]}" if codes[:1] and codes[0] in vocabulary.needs() else "",
    )


def need_codes(need: Heard, known: thesaurus.Concepts) -> list[str]:
    """Needs in which places are measured: of the concept, then of the groups that the text speaks of."""
    own = thesaurus.need_code(need.code, known)
    groups = {f.removeprefix("group:") for w in need.groups if w.code in known for f in known[w.code].facets}
    others = [code for code, entry in vocabulary.needs().items() if groups & set(entry.groups)]
    return list(dict.fromkeys([*([own] if own else []), *others]))


# --- words -----------------------------------------------------------------------------------------
def marked(phrase: str, words: Iterable[str]) -> SafeString:
    """The person's own words, with those marked that led to the solutions."""
    wanted = {word.casefold() for word in words}
    parts = re.split(r"([^\W_]+(?:[-'’][^\W_]+)*)", phrase)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", p) if p.casefold() in wanted else p,) for p in parts)
    )


def _own_words(words: Sequence[str]) -> SafeString:
    return format_html_join(" · ", "<mark>{}</mark>", ((word,) for word in words[:MOST_WORDS]))


# --- solutions -------------------------------------------------------------------------------------
def _solution(found: Found, row: Solution, asked: Asked) -> Shown:
    card: Mapping[str, Any] = row.current.card if row.current else {}
    return Shown(
        found.name,
        reverse("library:card", args=[found.slug]),
        said(card, "summary", thesaurus.language()),
        _own_words(found.words),
        _evidence(found.evidence),
        _result(found.evidence, card),
        tuple(_near(card, row.keeper, asked.place)),
        _address("diagnosis:enquire", found.slug),
    )


def _evidence(code: str) -> Tag:
    texts = {
        FAILED: pgettext("evidence", "tried and did not work as hoped"),
        HARMFUL: pgettext("evidence", "tried and did harm"),
        MIXED: pgettext("evidence", "tried: it helped in part"),
        TESTED: pgettext("evidence", "tried with people"),
        UNTESTED: pgettext("evidence", "not tried yet"),
    }
    return Tag(texts.get(code, texts[UNTESTED]), TONES.get(code, "neutral"))


def _result(evidence: str, card: Mapping[str, Any]) -> str:
    """What the trial said, where it did not simply go well: in full, on the first page."""
    if evidence in (TESTED, UNTESTED):
        return ""
    rows = list(card.get("evidence") or ())
    told = [row for row in rows if row.get("direction") in ("negative", "mixed")] or rows
    return said(told[0], "result", thesaurus.language()) if told else ""


def _near(card: Mapping[str, Any], keeper: Organisation | None, place: Unit | None) -> Iterable[str]:
    """Who already uses it or could bring it: near first, elsewhere when nobody is near."""
    rows = list(card.get("exemplars") or ())
    if place:
        rows.sort(key=lambda row: -_shared(str(row.get("code") or ""), place))
    for row in rows[:MOST_NEAR]:
        yield _exemplar(row, place)
    if keeper is not None:
        yield _("%(name)s looks after this solution") % {"name": keeper.name}


def _shared(code: str, place: Unit) -> int:
    """How near: 3 the same gmina, 2 the powiat, 1 the voivodeship, 0 elsewhere."""
    return sum(1 for n in (2, 4, 6) if len(code) >= n and code[:n] == place.code[:n])


def _exemplar(row: Mapping[str, Any], place: Unit | None) -> str:
    where = [
        "",
        _("in your voivodeship"),
        _("in your powiat"),
        _("in your gmina"),
    ][_shared(str(row.get("code") or ""), place) if place else 0]
    name, there = str(row["name"]), str(row.get("place_text") or "")
    notes = [there if there and there not in name else "", where, labels.choice("status", row.get("status"))]
    return f"{name} ({', '.join(note for note in notes if note)})"


# --- the place -------------------------------------------------------------------------------------
def _figures(codes: Sequence[str], rows: Sequence[Standing]) -> list[Standing]:
    """Figures of the first of the needs that has any."""
    found = (known_here(code, rows) for code in codes)
    return next((figures for figures in found if figures), [])


def _matter(row: Standing) -> Matter:
    source = vocabulary.sources().get(row.spec.source)
    return Matter(
        row.finding, source.name if source else "", reverse("places:indicator", args=[row.spec.code])
    )


def _earlier(counted: tuple[str, int] | None, place: Unit | None) -> str:
    if counted is None or place is None:
        return ""
    level, count = counted
    if level == "powiat":
        text = ngettext(
            "%(n)d earlier need of this kind was left in your powiat.",
            "%(n)d earlier needs of this kind were left in your powiat.",
            count,
        )
    else:
        text = ngettext(
            "%(n)d earlier need of this kind was left in your voivodeship.",
            "%(n)d earlier needs of this kind were left in your voivodeship.",
            count,
        )
    return text % {"n": count}


def institutions(rows: Sequence[Organisation], place: Unit | None) -> list[str]:
    """Organisations of the gmina and its powiat by name and kind."""
    here = place.code if place else ""
    where = {True: _("in your gmina"), False: _("in your powiat")}
    return [f"{row.name} ({row.get_kind_display()}, {where[row.place_code == here]})" for row in rows]


def place_link(place: Unit | None) -> Link | None:
    return Link(short_name(place), reverse("places:detail", args=[place.code])) if place else None


# --- tests and calls -------------------------------------------------------------------------------
def _test(test: Test) -> Link:
    return Link(test.innovation.title, reverse("trials:open_test", args=[test.innovation.slug]))


def calls(rows: Sequence[Call]) -> list[Link]:
    pl = thesaurus.language() == "pl"
    return [
        Link(call.name_pl if pl else call.name_en or call.name_pl, reverse("calls:call", args=[call.slug]))
        for call in rows
    ]


def _address(name: str, key: str) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
