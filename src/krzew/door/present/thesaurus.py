"""The thesaurus on a page: concepts, their words, and words that nobody knew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from krzew.door.models import UnknownWord
from krzew.door.queries import thesaurus as queries
from krzew.door.thesaurus.concepts import AREA, GROUP, OTHER, PROBLEM, SERVICE, SETTING, Concept
from krzew.places import vocabulary
from krzew.ui.components import Cell, Column, Fact, Link, Tab, Table
from krzew.ui.formats import day, number

KINDS = {
    AREA: gettext_noop("areas"),
    PROBLEM: gettext_noop("problems"),
    SERVICE: gettext_noop("kinds of help"),
    GROUP: gettext_noop("groups of people"),
    SETTING: gettext_noop("surroundings"),
    OTHER: gettext_noop("matters for others"),
}
SHOWN_WORDS = 6


def kind(code: str) -> str:
    return _(KINDS.get(code, code))


def tabs(text: str, chosen: str) -> list[Tab]:
    """Kinds of concepts; what is looked for stays."""
    here = reverse("door:thesaurus")
    more = f"&q={text}" if text else ""
    every = Tab(pgettext("concepts", "All"), f"{here}?kind={more}", current=not chosen)
    return [every, *(Tab(kind(code), f"{here}?kind={code}{more}", current=code == chosen) for code in KINDS)]


def listing(rows: Iterable[Concept]) -> Table:
    columns = [
        Column("name", _("Concept")),
        Column("kind", pgettext("concept", "Kind")),
        Column("words", _("Some of the words that people use")),
    ]
    return Table(_("Concepts"), columns, [_row(one) for one in rows], caption_hidden=True)


def _row(one: Concept) -> list[Cell | str]:
    tongue = queries.language()
    words = [word for word in shown_words(one, tongue) if word != one.label(tongue)]
    more = len(words) - SHOWN_WORDS
    told = ", ".join(words[:SHOWN_WORDS]) + (f" +{more}" if more > 0 else "")
    return [
        Cell(one.label(tongue), url=reverse("door:concept", args=[one.code])),
        kind(one.kind),
        Cell(told) if told else Cell(None, missing=_("none in this language")),
    ]


def shown_words(one: Concept, language: str) -> list[str]:
    """Words as people say them; forms for the search alone are not listed among them."""
    return list(dict.fromkeys(one.alt_en if language == "en" else one.alt_pl))


def facts(one: Concept, known: queries.Concepts) -> list[Fact]:
    rows = [Fact(pgettext("concept", "Kind"), kind(one.kind)), Fact(_("Code"), one.code)]
    names = [known[code].label(queries.language()) for code in one.broader if code in known]
    if names:
        rows.append(Fact(_("Belongs to"), names))
    need = queries.need_code(one.code, known)
    if need in vocabulary.needs():
        rows.append(Fact(_("Measured in places as"), vocabulary.needs()[need].name))
    return rows


def links(codes: Sequence[str], known: queries.Concepts) -> list[Link]:
    tongue = queries.language()
    return [
        Link(known[code].label(tongue), reverse("door:concept", args=[code]))
        for code in codes
        if code in known
    ]


def narrower(code: str, known: queries.Concepts) -> list[str]:
    return [one.code for one in known.values() if code in one.broader]


def unknown_note(row: UnknownWord) -> str:
    return _("%(n)s times, last on %(day)s") % {"n": number(row.times), "day": day(row.last_at)}
