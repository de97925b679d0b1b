"""What a report says: a result told in order, for a mayor who has ten minutes and an adviser who is asked for sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from krzew.diagnosis.report_blocks import (
    Bar,
    Bars,
    Block,
    Bullets,
    Cover,
    Document,
    Facts,
    Heading,
    NewPage,
    Para,
    Point,
    Quadrant,
    Table,
)
from krzew.diagnosis.result import Evidence, Need, Result, Solution
from krzew.network.models import Sector
from krzew.ui.formats import day, number, quantity, share

TOP_NEEDS = 5
TOP_SOLUTIONS = 5
MAPPED = 12


@dataclass(frozen=True)
class Header:
    """Who stands behind the report, and whether it is final."""

    organisation: str = ""
    signed_on: date | None = None
    is_draft: bool = True


def document(result: Result, language: str, header: Header) -> Document:
    """The whole report in the active language."""
    blocks = [
        *_summary(result),
        *_needs(result),
        *_voices(result),
        *_solutions(result),
        *_limits(result),
        *_method(result),
        *_sources(result),
    ]
    footer = f"{result.place.name} · {_version(result)}"
    return Document(language, _cover(result, header), blocks, footer, _("Contents"))


def _version(result: Result) -> str:
    words = {"data": result.data.version[:12], "method": result.data.method, "day": result.data.made_on}
    return _("data %(data)s, method %(method)s, made on %(day)s") % words


def _cover(result: Result, header: Header) -> Cover:
    place = result.place
    facts = [(_("Place"), f"{place.name}, {place.kind}"), (_("Code (TERYT)"), place.code)]
    if place.population is not None:
        people = f"{number(place.population, 0)} ({place.population_year})"
        facts.append((_("Residents"), people))
    facts.append((_("Compared with"), _group_words(result)))
    if header.organisation:
        facts.append((_("Made by"), header.organisation))
    facts.append((_("Data and method"), _version(result)))
    title = _("Diagnosis of local needs and choice of a solution")
    return Cover(title, place.name, f"{place.kind}, {place.where}", facts, _status(header))


def _status(header: Header) -> str:
    if header.signed_on:
        return _("Signed on %(day)s. What it says is frozen.") % {"day": day(header.signed_on)}
    if header.is_draft:
        return _("Working version, not signed. It may still change.")
    return _("Made from public statistics alone, without meetings and local figures.")


def _group_words(result: Result) -> str:
    count = len(result.group.neighbours)
    words = ngettext("%(n)d gmina most like it", "%(n)d gminas most like it", count) % {"n": count}
    return f"{words} ({result.place.settlement})"


# --- summary -----------------------------------------------------------------------------------
def _summary(result: Result) -> Iterator[Block]:
    yield NewPage()
    yield Heading(_("Summary"))
    yield Para(str(result.headline))
    yield _bars(result.known_needs[:TOP_NEEDS], _("The most pressing needs"))
    yield from _decision(result)
    yield from _first_solutions(result)
    if result.disagreements:
        yield Heading(_("What to talk about"), 2)
        yield Bullets([_disagreement(need) for need in result.disagreements])


def _bars(needs: Sequence[Need], caption: str) -> Bars:
    rows = [
        Bar(str(n.name), n.severity or 0, n.low or 0, n.high or 0, _severity_words(n))
        for n in needs
        if n.severity is not None
    ]
    return Bars(caption, rows, (_("Need"), _("Severity, 0–100"), _("Value and interval")))


def _severity_words(need: Need) -> str:
    return f"{number(need.severity, 0)} ({number(need.low, 0)}–{number(need.high, 0)})"


def _decision(result: Result) -> Iterator[Block]:
    choice = result.decision
    if choice is None:
        return
    names = [str(s.name) for slug in choice.slugs if (s := result.solution(slug))]
    yield Heading(_("Decision"), 2)
    yield Bullets(names)
    if choice.departs:
        text = _("The choice departs from the ranking. Reason: %(reason)s") % {"reason": choice.reason}
        yield Para(text)
    elif choice.reason:
        yield Para(choice.reason)


def _first_solutions(result: Result) -> Iterator[Block]:
    yield Heading(_("Solutions that fit best"), 2)
    if not result.ranked:
        yield Para(
            _("No solution passes all its conditions today. The reasons are given with each solution.")
        )
        return
    yield Bullets([_solution_line(s) for s in result.ranked[:3]], ordered=True)


def _solution_line(solution: Solution) -> str:
    line = f"{solution.name}. {solution.summary}"
    return line if not solution.reasons else f"{line} {solution.reasons[0]}"


def _disagreement(need: Need) -> str:
    words = {"need": need.name}
    if need.higher == "voices":
        return _("%(need)s: people see it as more pressing than statistics show.") % words
    return _("%(need)s: statistics show more than people said.") % words


# --- needs -------------------------------------------------------------------------------------
def _needs(result: Result) -> Iterator[Block]:
    yield NewPage()
    yield Heading(_("Needs of the place"))
    yield Para(
        _(
            "Each need has a severity from 0 (as good as it gets) to 100 (as bad as it gets). The line shows the range in "
            "which the value stays in nine of ten repetitions of the calculation with other reasonable choices."
        )
    )
    yield _bars(result.known_needs, _("All needs that could be measured"))
    for need in result.known_needs[:TOP_NEEDS]:
        yield Heading(str(need.name), 2)
        yield Para(str(need.sentence))
        yield from _evidence(need)
        yield from _notes(need)


def _evidence(need: Need) -> Iterator[Block]:
    """The figures there are, then the ones that somebody else holds."""
    known = [row for row in need.evidence if row.value is not None]
    if known:
        head = [_("Figure"), _("Here"), _("Middle of the group"), _("Year"), _("Source")]
        caption = _("Figures behind: %(need)s") % {"need": need.name}
        yield Table(caption, head, [_evidence_row(row) for row in known], (1, 2), (3, 1.6, 1.6, 0.9, 2.4))
    missing = [str(row.name) for row in need.evidence if row.value is None]
    if missing:
        words = {"figures": ", ".join(missing), "holders": need.holders}
        yield Para(_("Not known: %(figures)s. Ask: %(holders)s.") % words, quiet=True)


def _evidence_row(row: Evidence) -> list[str]:
    here, middle = (quantity(value, str(row.unit), row.decimals) for value in (row.value, row.group_median))
    return [str(row.name), here, middle, row.year, row.source]


def _notes(need: Need) -> Iterator[Block]:
    if need.notes:
        yield Para(" ".join(str(note) for note in need.notes), quiet=True)


# --- voices ------------------------------------------------------------------------------------
def _voices(result: Result) -> Iterator[Block]:
    voices = result.voices
    yield Heading(_("What people said"))
    if not voices.meetings:
        yield Para(_("No meeting has been held yet, so this diagnosis rests on figures alone."))
        return
    yield Facts(
        [
            (_("Meetings"), str(voices.meetings)),
            (_("People"), str(voices.people)),
            (_("Statements"), str(voices.statements)),
            (_("Weight of voices against statistics"), share(voices.weight, 0)),
            (_("Not heard yet"), _sectors(voices.missing) or _("nobody is missing")),
        ]
    )
    said = [n for n in result.needs if n.said]
    head = [_("Need"), _("Share of votes"), _("Statements"), _("Who raised it")]
    rows = [
        [str(n.name), share(n.said.share, 0), str(n.said.statements), _sectors(n.said.sectors)]
        for n in said
        if n.said
    ]
    yield Table(_("Needs raised at meetings"), head, rows, (1, 2), (3, 1.2, 1.2, 3))
    quotes = [quote for n in said if n.said for quote in n.said.quotes]
    if quotes:
        yield Heading(_("In people's words"), 2)
        yield Bullets([f"„{quote}”" for quote in quotes])


def _sectors(codes: Sequence[str]) -> str:
    return ", ".join(str(Sector(code).label) for code in codes)


# --- solutions ---------------------------------------------------------------------------------
def _solutions(result: Result) -> Iterator[Block]:
    yield NewPage()
    yield Heading(_("Solutions"))
    yield Para(
        _(
            "A solution is ranked by how well it answers the needs of this place. Whether it can be done "
            "here is shown beside "
            "it and never mixed in: what is needed most is not always what is easiest."
        )
    )
    mapped = [s for s in result.ranked if s.feasibility is not None][:MAPPED]
    if mapped:
        yield _quadrant(mapped)
        yield _ranking(mapped)
    for solution in result.ranked[:TOP_SOLUTIONS]:
        yield from _solution(result, solution)
    yield from _change(result)
    yield from _refused(result)


def _quadrant(mapped: Sequence[Solution]) -> Quadrant:
    points = [Point(s.rank or 0, str(s.name), s.score, s.feasibility or 0) for s in mapped]
    caption = _("How much each solution is needed here, and how feasible it is")
    return Quadrant(
        caption,
        _("answers the needs"),
        _("feasible here"),
        points,
        caption + ". " + _("See the table below."),
    )


def _ranking(mapped: Sequence[Solution]) -> Table:
    head = [_("No."), _("Solution"), _("Answers the needs"), _("Feasible"), _("First in … of 100 trials")]
    rows = [
        [
            str(s.rank),
            str(s.name),
            number(s.score, 0),
            number(s.feasibility, 0),
            number((s.acceptability or 0) * 100, 0),
        ]
        for s in mapped
    ]
    return Table(_("Ranking of solutions"), head, rows, (0, 2, 3, 4), (0.6, 4, 1.4, 1.2, 1.6))


def _solution(result: Result, solution: Solution) -> Iterator[Block]:
    yield Heading(f"{solution.rank}. {solution.name}", 2)
    yield Para(str(solution.summary))
    yield Bullets([str(reason) for reason in solution.reasons])
    questions = [q for q in result.questions if q.fact in solution.questions]
    if questions:
        yield Para(_("To be answered on the spot:"))
        yield Bullets([f"{q.text} ({q.who})" for q in questions])


def _change(result: Result) -> Iterator[Block]:
    if result.change:
        yield Heading(_("What would change the ranking"), 2)
        yield Bullets([str(line) for line in result.change])


def _refused(result: Result) -> Iterator[Block]:
    refused = [s for s in result.solutions if s.failed]
    if refused:
        yield Heading(_("Solutions that cannot work here today"), 2)
        rows = [[str(s.name), "; ".join(str(c.text) for c in s.failed)] for s in refused]
        yield Table(_("Conditions that are not met"), [_("Solution"), _("Condition")], rows, (), (2, 3))


# --- limits, method, sources -------------------------------------------------------------------
def _limits(result: Result) -> Iterator[Block]:
    yield NewPage()
    yield Heading(_("Limits of the data"))
    yield Bullets(
        [str(note) for note in (*result.notes, *result.group.notes)] or [_("No special limits were noted.")]
    )
    unknown = list(result.unknown_needs)
    if unknown:
        yield Para(
            _(
                "For these needs there is no public figure about this place. That does not mean that all is well."
            )
        )
        rows = [[str(n.name), str(n.holders)] for n in unknown]
        yield Table(_("Needs without data"), [_("Need"), _("Who has the figures")], rows, (), (2, 3))


def _method(result: Result) -> Iterator[Block]:
    yield Heading(_("How it was calculated, in plain words"))
    yield Bullets(
        [
            _(
                "The place is compared with gminas of the same kind that are most like it in size, age and "
                "settlement, not with the whole country."
            ),
            _(
                "Each figure is read twice: against fixed goalposts that are the same for everyone, and "
                "against the comparison group."
            ),
            _(
                "Figures about one need are joined into a severity. The calculation is repeated with other "
                "reasonable choices; the range shows how much the result moves."
            ),
            _(
                "Votes from meetings are counted so that each sector weighs the same, and joined with "
                "statistics by the weight shown above."
            ),
            _(
                "Solutions first pass conditions (met, not met, unknown). Those that remain are ranked by "
                "the needs they answer; points add up."
            ),
            _(
                "The ranking is repeated for thousands of other weights. “First in 62 of 100 trials” means "
                "that it won for 62 of 100 ways of seeing what matters."
            ),
            _("The calculation proposes. People decide, and when they decide otherwise, the reason is kept."),
        ]
    )
    head = [_("Criterion"), pgettext("report", "Axis"), _("Weight"), _("What it means")]
    axes = {"need": _("need"), "feasibility": _("feasibility")}
    rows = [
        [str(c.label), axes.get(c.axis, c.axis), number(c.weight, 2), str(c.explanation)]
        for c in result.criteria
    ]
    yield Table(_("Criteria"), head, rows, (2,), (2, 1.1, 0.8, 4))


def _sources(result: Result) -> Iterator[Block]:
    yield Heading(_("Sources"))
    rows = [[str(v.name), v.year, v.source] for v in result.data.vintages]
    yield Table(_("Figures, years and sources"), [_("Figure"), _("Year"), _("Source")], rows, (), (3, 0.9, 3))
    versions = ", ".join(f"{name} {version}" for name, version in sorted(result.data.versions.items()))
    words = {
        "seed": result.data.seed,
        "draws": result.data.draws,
        "versions": versions,
        "library": result.data.library[:12],
    }
    yield Para(
        _("Random seed %(seed)s, %(draws)s draws, library %(library)s, software: %(versions)s.") % words,
        quiet=True,
    )
