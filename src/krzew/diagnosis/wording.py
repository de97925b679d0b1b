"""Results in words, in both languages at once, so that a frozen result can be read in either."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from krzew.diagnosis.result import NONE, Dropped, Estimate, Evidence, Need, Neighbour, Said, Text
from krzew.methods import needs as science
from krzew.places import matrix, vocabulary
from krzew.places import names as place_names
from krzew.places.groups import ComparisonGroup
from krzew.places.models import Level, Unit
from krzew.ui import formats

if TYPE_CHECKING:
    from krzew.diagnosis.engine import Answer, Inputs
    from krzew.diagnosis.matching import Problem
    from krzew.network.queries import Tally

NOTES = {
    "no_indicator": Text("Nie ma wskaźnika, który by o tym mówił.", "No indicator speaks of this."),
    "no_value": Text("Publiczna statystyka o tym milczy.", "Public statistics say nothing of this."),
    "zero_weight": Text("Wskaźniki mają wagę zero.", "The indicators have weight zero."),
    "goalposts_only": Text(
        "Część wskaźników oceniono tylko według granic krajowych.",
        "Some indicators were judged by national limits only.",
    ),
    "group_only": Text(
        "Część wskaźników oceniono tylko na tle podobnych gmin.",
        "Some indicators were judged against similar gminas only.",
    ),
    "small_group": Text(
        "Dla części wskaźników podobnych gmin z danymi jest mniej niż dziesięć.",
        "For some indicators fewer than ten similar gminas have data.",
    ),
    "no_spread": Text(
        "Podobne gminy nie różnią się pod tym względem.", "Similar gminas do not differ in this."
    ),
    "imputed": Text(
        "Brakującą wartość zastąpiono medianą podobnych gmin; przedział jest przez to szerszy.",
        "A missing value was replaced by the median of similar gminas; the interval is wider for it.",
    ),
    "single_indicator": Text("Ocena stoi na jednym wskaźniku.", "The figure rests on one indicator."),
    "low_coverage": Text(
        "Część danych mają tylko instytucje na miejscu.",
        "Part of the data is held only by institutions on the spot.",
    ),
    "local": Text("Zawiera dane wpisane na miejscu.", "Contains figures entered on the spot."),
}
EMPTY_GROUP = Text(
    "Nie ma grupy porównawczej. Wartości oceniono tylko według granic krajowych.",
    "There is no comparison group. Values were judged by national limits only.",
)


def both(say: Callable[[], Any]) -> Text:
    """The same words in both languages."""
    with override("pl"):
        polish = str(say())
    with override("en"):
        return Text(polish, str(say()))


def entry(word: Any) -> Text:
    return Text(word.name_pl, word.name_en)


def paired_all(polish: Sequence[str], english: Sequence[str]) -> tuple[Text, ...]:
    return tuple(Text(*pair) for pair in zip(polish, english, strict=True))


# --- places ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitName:
    name: str
    kind: Text
    where: Text
    voivodeship: str


Names = Mapping[str, UnitName]


@lru_cache(maxsize=1)
def unit_names(_version: str) -> Names:
    """Names of all gminas in both languages; kept as long as the data stay the same."""
    units = Unit.objects.filter(level=Level.GMINA).select_related("parent__parent")
    return {unit.code: _unit_name(unit) for unit in units}


def _unit_name(unit: Unit) -> UnitName:
    kind, where = both(lambda: place_names.kind_name(unit)), both(lambda: place_names.place_line(unit))
    return UnitName(
        unit.name, kind, where, unit.parent.parent.name if unit.parent and unit.parent.parent else ""
    )


def neighbours(group: ComparisonGroup, pins: Mapping[str, str], names: Names) -> tuple[Neighbour, ...]:
    return tuple(
        Neighbour(r.code, *_of(names[r.code]), r.distance, r.pinned, r.borrowed, pins.get(r.code, ""))
        for r in group.rows
    )


def _of(name: UnitName) -> tuple[str, Text, Text]:
    return name.name, name.kind, name.where


def dropped(drops: Mapping[str, str], names: Names) -> tuple[Dropped, ...]:
    known = {code: reason for code, reason in drops.items() if code in names}
    return tuple(Dropped(code, names[code].name, names[code].kind, reason) for code, reason in known.items())


def group_notes(found: science.NeedsResult) -> tuple[Text, ...]:
    return () if found.group else (EMPTY_GROUP,)


# --- needs -------------------------------------------------------------------------------------------


def needs(
    found: science.NeedsResult,
    combined: Mapping[str, science.Combined],
    given: Inputs,
    tables: matrix.Tables,
    code: str,
) -> tuple[Need, ...]:
    """Every need, the most serious first; those of which nothing is known last."""
    said = {t.need: t for t in given.heard.tallies} if given.heard else {}
    rows = [_need(n, combined.get(n.need), said.get(n.need), given, tables, code) for n in found.needs]
    return tuple(sorted(rows, key=lambda n: (not n.is_known, -(n.severity or 0.0))))


def _need(
    need: science.NeedSeverity,
    joined: science.Combined | None,
    said: Tally | None,
    given: Inputs,
    tables: matrix.Tables,
    code: str,
) -> Need:
    spec = vocabulary.needs()[need.need]
    rows = tuple(_evidence(e, given, tables, code) for e in need.evidence)
    return Need(
        code=need.need,
        name=entry(spec),
        description=Text(spec.description_pl, spec.description_en),
        severity=joined.severity if joined else None,
        low=joined.low if joined else None,
        high=joined.high if joined else None,
        statistics=_estimate(joined.statistics) if joined else None,
        voices=_estimate(joined.voices) if joined else None,
        disagreement=joined.disagreement if joined else False,
        higher=joined.higher if joined else "",
        status=need.status,
        coverage=need.coverage,
        better_in_group=need.percentile_group,
        better_in_country=need.percentile_country,
        arithmetic=need.arithmetic,
        geometric=need.geometric,
        sentence=_sentence(rows, said),
        said=Said(said.share, said.statements, said.sectors, said.quotes) if said else None,
        evidence=rows,
        notes=tuple(NOTES[note] for note in need.notes if note in NOTES),
        holders=_holders(spec),
    )


def _estimate(estimate: science.Estimate | None) -> Estimate | None:
    return Estimate(estimate.value, estimate.low, estimate.high) if estimate else None


def _holders(spec: vocabulary.Need) -> Text:
    known = [entry(vocabulary.holders()[code]) for code in spec.holders if code in vocabulary.holders()]
    return Text(", ".join(t.pl for t in known), ", ".join(t.en for t in known))


def _evidence(e: science.Evidence, given: Inputs, tables: matrix.Tables, code: str) -> Evidence:
    spec = vocabulary.indicators()[e.indicator]
    figure = given.figures.get(e.indicator)
    row, column = tables.rows[code], tables.columns[e.indicator]
    year = int(tables.years[row, column])
    return Evidence(
        indicator=e.indicator,
        name=entry(spec),
        value=None if e.flag == "imputed" else e.value,
        unit=Text(spec.unit_pl, spec.unit_en),
        decimals=spec.decimals,
        year=figure.day if figure else str(year or ""),
        source=figure.source if figure else spec.citation,
        flag=e.flag,
        missing=_missing(spec, str(tables.notes[row, column]))
        if e.value is None or e.flag == "imputed"
        else NONE,
        group_median=e.group_median,
        group_q1=e.group_q1,
        group_q3=e.group_q3,
        group_n=e.group_n,
        score=e.score,
        weight=e.weight,
        contribution=e.contribution,
        is_local=spec.is_local,
    )


def _missing(spec: vocabulary.IndicatorSpec, note: str) -> Text:
    """Why there is no value, and who has it."""
    if note in vocabulary.reasons():
        reason = vocabulary.reasons()[note]
        return Text(reason.text_pl, reason.text_en)
    holder = vocabulary.holders().get(spec.holder)
    if holder:
        return Text(f"Do wpisania. Ma to: {holder.name_pl}.", f"To be entered. Held by: {holder.name_en}.")
    return Text("Brak danych.", "No data.")


def _sentence(rows: Sequence[Evidence], said: Tally | None) -> Text:
    """What speaks loudest: the figure that adds most to the severity, and what was said."""
    scored = [row for row in rows if row.contribution is not None and row.value is not None]
    parts = [_figure(max(scored, key=lambda row: row.contribution or 0.0))] if scored else []
    parts += [_said(said)] if said else []
    return Text(" ".join(p.pl for p in parts), " ".join(p.en for p in parts))


def _figure(row: Evidence) -> Text:
    return both(lambda: _figure_now(row))


def _figure_now(row: Evidence) -> str:
    """The sentence of the catalogue in the active language, with what similar gminas have."""
    spec = vocabulary.indicators()[row.indicator]
    value = shown(row.value, row.unit, row.decimals)
    sentence = spec.sentence.format(value=value, value_only=formats.number(row.value, row.decimals))
    said = sentence or f"{spec.name}: {value}"
    if row.group_median is None:
        return f"{said} ({row.year})." if row.year else f"{said}."
    median = shown(row.group_median, row.unit, row.decimals)
    when = f"{row.year}; " if row.year else ""
    return str(
        Text(f"{said} ({when}w podobnych gminach {median}).", f"{said} ({when}in similar gminas {median}).")
    )


def shown(value: float | None, unit: Text, decimals: int) -> str:
    """A number with its unit in the active language."""
    if str(unit) == "%":
        return formats.percent(value, decimals)
    return formats.quantity(value, str(unit), decimals)


def _said(said: Tally) -> Text:
    share = both(lambda: formats.share(said.share, 0))
    times = Text(
        f"{said.statements} {_plural(said.statements, 'wypowiedź', 'wypowiedzi', 'wypowiedzi')}",
        f"{said.statements} {'statement' if said.statements == 1 else 'statements'}",
    )
    return Text(
        f"Na spotkaniach: {times.pl}, {share.pl} głosów.", f"At meetings: {times.en}, {share.en} of voices."
    )


def _plural(count: int, one: str, few: str, many: str) -> str:
    with override("pl"):
        return formats.plural(count, one, few, many)


# --- solutions ---------------------------------------------------------------------------------------

HOW_FAR = {
    3: Text("powstało dla tego problemu", "made for this problem"),
    2: Text("pomaga w nim", "helps with it"),
    1: Text("pomaga w nim trochę", "helps with it a little"),
}


def answers(served: Mapping[str, int], found: Mapping[str, Need]) -> Text:
    """Which problem of this place the solution answers most."""
    rows = [(found[code], level) for code, level in served.items() if code in found]
    known = [(need, level) for need, level in rows if need.is_known]
    if not known:
        need, level = max(rows, key=lambda row: row[1])
        return Text(
            f"{_capital(need.name.pl)} (nasilenie nieznane): {HOW_FAR[level].pl}.",
            f"{_capital(need.name.en)} (severity unknown): {HOW_FAR[level].en}.",
        )
    need, level = max(known, key=lambda row: (row[0].severity or 0.0) * row[1])
    points = round(need.severity or 0.0)
    return Text(
        f"{_capital(need.name.pl)} ({points} na 100): {HOW_FAR[level].pl}.",
        f"{_capital(need.name.en)} ({points} of 100): {HOW_FAR[level].en}.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def answer(given: Sequence[Answer]) -> Text:
    """What was answered, by whom and when."""
    parts = [_answer(a) for a in given]
    return Text("; ".join(p.pl for p in parts), "; ".join(p.en for p in parts))


def _answer(given: Answer) -> Text:
    value = {
        True: Text("tak", "yes"),
        False: Text("nie", "no"),
        None: Text("jeszcze nie wiadomo", "not known yet"),
    }
    isnumber = given.value is not None and not isinstance(given.value, bool)
    words = both(lambda: formats.number(given.value)) if isnumber else value[given.value]  # type: ignore[index]
    when = both(lambda: formats.day(date.fromisoformat(given.day))) if given.day else Text("", "")
    return Text(_with_origin(words.pl, given.who, when.pl), _with_origin(words.en, given.who, when.en))


def _with_origin(words: str, *origin: str) -> str:
    known = ", ".join(part for part in origin if part)
    return f"{words} ({known})" if known else words


# --- the whole ---------------------------------------------------------------------------------------


def notes(found: Sequence[Need], problem: Problem, given: Inputs) -> tuple[Text, ...]:
    """Limits of the result that its reader must know."""
    rows = [] if any(n.statistics for n in found) else [NO_STATISTICS]
    unknown = sum(1 for n in found if not n.is_known)
    if unknown:
        rows.append(
            Text(
                f"O {unknown} z {len(found)} problemów nie mówi ani statystyka, ani nikt na spotkaniu.",
                f"Neither statistics nor anybody at a meeting speaks of {unknown} of the {len(found)} problems.",
            )
        )
    if given.heard and given.heard.unsorted:
        count = given.heard.unsorted
        rows.append(
            Text(
                f"Liczba wypowiedzi, które czekają na przypisanie do problemu i jeszcze się nie liczą: {count}.",
                f"Statements that wait to be assigned to a problem and do not count yet: {count}.",
            )
        )
    rows += [_broken(slug) for slug in problem.shelf.broken]
    return tuple(rows)


def headline(found: Sequence[Need], polish: str, english: str) -> Text:
    """The result in one sentence; without a single known problem there is nothing to rank by."""
    return Text(polish, english) if any(n.is_known for n in found) else NOTHING_KNOWN


NOTHING_KNOWN = Text(
    "Nie ma jeszcze podstaw do wyboru: o żadnym problemie tej gminy nic nie wiadomo. Zacznij od spotkania.",
    "There is nothing to choose by yet: nothing is known of any problem of this gmina. Begin with a meeting.",
)
NO_STATISTICS = Text(
    "Dla tej gminy nie ma danych statystycznych. Wynik stoi tylko na tym, co powiedziano i wpisano na miejscu.",
    "There are no statistics for this gmina. The result rests only on what was said and entered on the spot.",
)


def _broken(slug: str) -> Text:
    return Text(
        f"Pominięto rozwiązanie „{slug}”: warunki na jego karcie wykluczają się wzajemnie.",
        f"The solution “{slug}” was left out: the conditions on its card exclude each other.",
    )
