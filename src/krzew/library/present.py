"""What pages show of a card: tables, tags and links made from plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from krzew.library import catalogue, labels
from krzew.library.cards import NUMBERS, Card, said
from krzew.library.models import FacetKind, Solution, SolutionVersion
from krzew.library.queries import COMPARED, Selection
from krzew.library.wording import range_text
from krzew.ui.components import Cell, Column, Link, Table, Tag

FACETS_SHOWN = (FacetKind.NEED, FacetKind.GROUP, FacetKind.DOMAIN, FacetKind.KIND, FacetKind.EVIDENCE)
WORDS_SHOWN = 5
ROW_NUMBERS = ("jobs", "months_to_open", "testers")


def address(params: QueryDict, **changes: str | list[str] | None) -> str:
    """The same list with some parameters changed; always from the first page."""
    query = params.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query.setlist(name, value if isinstance(value, list) else [value])
    return f"?{query.urlencode()}"


@dataclass(frozen=True)
class Option:
    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class FacetList:
    title: str
    options: tuple[Option, ...]
    is_open: bool


def doors(
    counts: Mapping[str, Sequence[tuple[str, int]]], chosen: Mapping[str, str], params: QueryDict
) -> list[Option]:
    return _options(FacetKind.DOOR, counts["door"], chosen, params)


def facets(
    counts: Mapping[str, Sequence[tuple[str, int]]], chosen: Mapping[str, str], params: QueryDict
) -> list[FacetList]:
    return [
        FacetList(
            str(FacetKind(kind).label), tuple(_options(kind, counts[kind], chosen, params)), kind in chosen
        )
        for kind in FACETS_SHOWN
        if counts[kind]
    ]


def _options(
    kind: str, counts: Sequence[tuple[str, int]], chosen: Mapping[str, str], params: QueryDict
) -> list[Option]:
    """A chosen option links to the list without it."""
    current = chosen.get(kind)
    return [
        Option(
            catalogue.label(kind, code),
            count,
            address(params, **{kind: None if code == current else code}),
            code == current,
        )
        for code, count in counts
    ]


def chosen_links(selection: Selection, params: QueryDict) -> list[Link]:
    """What narrows the list now; each link takes one away."""
    return [
        Link(f"{FacetKind(kind).label}: {catalogue.label(kind, code)}", address(params, **{kind: None}))
        for kind, code in selection.facets.items()
    ]


# --- rows of the list --------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    solution: Solution
    card: Card
    needs: tuple[str, ...]
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    compare_url: str
    compared: bool


def rows(
    page: Iterable[Solution], words: Mapping[int, tuple[str, ...]], compare: list[str], params: QueryDict
) -> list[Row]:
    return [_row(solution, words.get(solution.pk, ()), compare, params) for solution in page]


def _row(solution: Solution, words: tuple[str, ...], compare: list[str], params: QueryDict) -> Row:
    assert solution.current is not None
    card, slug = solution.current.card, solution.slug
    others = [other for other in compare if other != slug]
    room = len(others) < COMPARED
    changed = others if slug in compare else [*others, slug]
    return Row(
        solution,
        card,
        tuple(catalogue.label("need", need["code"]) for need in card["needs"] if need["relevance"] == 3),
        tuple(_short_numbers(card)),
        _distinct(words),
        address(params, compare=changed) if slug in compare or room else "",
        slug in compare,
    )


def _distinct(words: tuple[str, ...]) -> tuple[str, ...]:
    """The first few words that met the query, each once whatever its capitals."""
    return tuple({word.casefold(): word for word in reversed(words)}.values())[::-1][:WORDS_SHOWN]


def _short_numbers(card: Card) -> Iterable[str]:
    for name in ROW_NUMBERS:
        if value := card["numbers"].get(name):
            yield range_text(value) if name == "jobs" else f"{labels.NUMBERS[name]}: {range_text(value)}"


def tags(version: SolutionVersion) -> list[Tag]:
    """Level of evidence, and a warning where nobody has read a source."""
    level = catalogue.evidence_levels().get(str(version.evidence_level))
    shown = (
        [Tag(level.name, "data" if version.evidence_level >= 3 else "neutral", level.description)]
        if level
        else []
    )
    if not version.card.get("verified"):
        shown.append(
            Tag(_("unverified"), "clay", _("We have not yet opened an original source about this solution."))
        )
    return shown


# --- the card ------------------------------------------------------------------------------------
def source_numbers(card: Card) -> dict[str, int]:
    return {
        source["id"]: number
        for number, source in enumerate(card.get("sources", []), start=1)
        if "id" in source
    }


def numbers_table(card: Card, language: str) -> Table:
    columns = [
        Column("what", _("What")),
        Column("range", _("How much"), "number"),
        Column("as_of", _("As of"), "date"),
        Column("basis", _("How it is known")),
        Column("source", _("Source")),
    ]
    body = [_number_row(name, card, language) for name in NUMBERS if name in card.get("numbers", {})]
    return Table(_("Numbers of this solution"), columns, body, caption_hidden=True)


def _number_row(name: str, card: Card, language: str) -> list[Any]:
    value, label = card["numbers"][name], Cell(str(labels.NUMBERS[name]))
    if value is None:
        return [label, Cell(None, missing=_("not known, we ask for it")), "", "", ""]
    warned = None if value.get("verified") else Tag(_("unverified"), "clay")
    source = source_numbers(card).get(value.get("source", ""))
    return [
        Cell(str(labels.NUMBERS[name]), note=said(value, "note", language)),
        Cell(range_text(value), tag=warned),
        value.get("as_of", ""),
        labels.choice("basis", value.get("basis")),
        Cell(f"[{source}]", url=f"#source-{value['source']}") if source else "",
    ]


def enquiry_url(solution: Solution) -> str:
    """Where one asks for a solution to be brought to a place; empty while that room is not there."""
    try:
        return reverse("diagnosis:enquire", args=[solution.slug])
    except NoReverseMatch:
        return ""


# --- side by side ----------------------------------------------------------------------------------
def comparison(solutions: Sequence[Solution], language: str) -> Table:
    versions = [solution.current for solution in solutions if solution.current]
    columns = [Column("what", _("What is compared"))]
    columns += [Column(str(v.pk), said(v.card, "name", language)) for v in versions]
    used = [name for name in NUMBERS if any(name in v.card["numbers"] for v in versions)]
    body = [[label, *(cell(v.card) for v in versions)] for label, cell in _compared_rows(used, language)]
    return Table(_("Solutions side by side"), columns, body, caption_hidden=True)


def _compared_rows(numbers: Sequence[str], language: str) -> list[tuple[str, Any]]:
    def texts(field: str, name: str = "text") -> Any:
        return lambda card: _list([said(item, name, language) for item in card[field]])

    def codes(kind: str, field: str) -> Any:
        return lambda card: _list([catalogue.label(kind, code) for code in card[field]])

    def number(name: str) -> Any:
        return lambda card: _compared_number(card["numbers"], name)

    return [
        (str(labels.FIELDS["summary"]), lambda card: said(card, "summary", language)),
        (
            str(labels.FIELDS["door"]),
            lambda card: catalogue.label("door", card["door"]) if card["door"] else Cell(None, missing="–"),
        ),
        (str(labels.FIELDS["groups"]), codes("group", "groups")),
        (
            str(labels.FIELDS["needs"]),
            lambda card: _list([catalogue.label("need", n["code"]) for n in card["needs"]]),
        ),
        (
            str(labels.FIELDS["evidence"]),
            lambda card: catalogue.label("evidence", str(card["fit"]["evidence_level"])),
        ),
        *((str(labels.NUMBERS[name]), number(name)) for name in numbers),
        (
            _("Money needed to start, by size"),
            lambda card: labels.choice("investment_class", card["fit"]["investment_class"]),
        ),
        (str(labels.FIELDS["preconditions"]), lambda card: _list(_musts(card, language))),
        (str(labels.FIELDS["core_parts"]), texts("core_parts")),
        (str(labels.FIELDS["adaptable_parts"]), texts("adaptable_parts")),
        (str(labels.FIELDS["partners"]), texts("partners", "name")),
        (str(labels.FIELDS["exemplars"]), lambda card: _list([item["name"] for item in card["exemplars"]])),
        (
            str(labels.FIELDS["licence"]),
            lambda card: card["licence"]["name"] if card["licence"] else Cell(None, missing=_("not known")),
        ),
        (str(labels.FIELDS["asks"]), texts("asks")),
    ]


def _musts(card: Card, language: str) -> list[str]:
    return [said(item, "text", language) for item in card["preconditions"] if item["effect"] == "must"]


def _compared_number(numbers: Mapping[str, Any], name: str) -> Cell:
    if name not in numbers:
        return Cell(None, missing=_("does not apply"))
    value = numbers[name]
    if value is None:
        return Cell(None, missing=_("not known"))
    warned = None if value["verified"] else Tag(_("unverified"), "clay")
    return Cell(range_text(value), note=value["as_of"], tag=warned)


def _list(items: Sequence[str]) -> SafeString | Cell:
    if not items:
        return Cell(None, missing=_("nothing stated"))
    return format_html_join("", '<span class="compared-line">{}</span>', ((item,) for item in items))
