"""Indicators from the Local Data Bank (BDL) of GUS.

An indicator is declared by its variable id. Ids are dated and sometimes confused (60270 and 79214), so before
anything is read the service is asked what the id means, and the answer is compared with the declaration.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from krzew.places.importers.bdl_attributes import ATTRIBUTES, read_value
from krzew.places.importers.bdl_client import BdlClient, Page
from krzew.places.importers.figure import Figure
from krzew.places.importers.problems import ImportRefused, Problems, Progress, refuse, silent
from krzew.places.models import Flag

GMINA, POWIAT, VOIVODESHIP = 6, 5, 2
LEVELS = {VOIVODESHIP: "voivodeship", POWIAT: "powiat", GMINA: "gmina"}
GMINA_KINDS = frozenset("123")  # 4 and 5 are parts of mixed gminas, 8 districts, 9 delegations
WITHOUT_MEANING = frozenset({"ogółem", "w", "i", "na", "z", "do", "wg", "o"})
DECLARATIONS = Path(__file__).with_name("bdl_variables.toml")


@dataclass(frozen=True)
class Variable:
    """What we believe that a BDL id means."""

    indicator: str
    id: int
    label: str
    level: int = GMINA
    subject: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Described:
    """What the service says that it means."""

    id: int
    subject: str
    subject_name: str
    dimensions: tuple[str, ...]
    measure: str
    level: int
    years: tuple[int, ...]

    @property
    def label(self) -> str:
        return " · ".join(part for part in (self.subject_name, *self.dimensions) if part)

    def __str__(self) -> str:
        years = f"{self.years[0]}–{self.years[-1]}" if self.years else "–"
        level = LEVELS.get(self.level, str(self.level))
        return f"{self.subject} “{self.label}” [{self.measure}], {level}, {years}"


@dataclass
class Reading:
    """Figures of one variable, and what the reader should know about them."""

    variable: Variable
    described: Described
    figures: list[Figure]
    job: str  # its pages are kept until the figures have been written
    updated: str = ""
    notes: list[str] = field(default_factory=list)


# --- declarations ------------------------------------------------------------------------------


def declared(path: Path = DECLARATIONS) -> dict[str, Variable]:
    """Variables by indicator code, from a TOML file with one table for each indicator."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {code: Variable(indicator=code, **table) for code, table in tables.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        refuse(
            gettext("The list of BDL variables %(name)s cannot be read: %(why)s")
            % {"name": path.name, "why": error}
        )


# --- verification ------------------------------------------------------------------------------


def describe(client: BdlClient, variable_id: int) -> Described:
    """Ask the service what a variable id means."""
    answer = client.get(f"/variables/{variable_id}")
    try:
        subject = str(answer["subjectId"])
        name = str(client.get(f"/subjects/{subject}")["name"])
        return Described(
            id=int(answer["id"]),
            subject=subject,
            subject_name=name,
            dimensions=tuple(str(answer[key]) for key in ("n1", "n2", "n3", "n4", "n5") if answer.get(key)),
            measure=str(answer.get("measureUnitName", "")),
            level=int(answer["level"]),
            years=tuple(sorted(int(year) for year in answer.get("years", []))),
        )
    except (KeyError, TypeError, ValueError) as error:
        refuse(
            gettext("BDL describes variable %(id)d in an unknown way (%(why)s).")
            % {"id": variable_id, "why": repr(error)}
        )


def _words(text: str) -> set[str]:
    """Words that carry meaning; notes in brackets such as “(stan 31 XII)” are left out."""
    return set(re.findall(r"\w+", re.sub(r"\([^)]*\)", " ", text).casefold()))


def differences(variable: Variable, described: Described) -> list[str]:
    """In which respects declaration and answer differ; an empty list means: the same variable.

    Every word of the declared label must be in the answer, and every word by which the variable differs from
    its neighbours in the same subject (women, aged 25–29 …) must be in the declared label.
    """
    found = []
    ours, theirs = _words(variable.label), _words(described.label)
    own = set().union(*map(_words, described.dimensions))
    if ours - theirs or own - ours - WITHOUT_MEANING:
        found.append(gettext("label"))
    if variable.subject and variable.subject != described.subject:
        found.append(gettext("subject"))
    if variable.measure and variable.measure.casefold() != described.measure.casefold():
        found.append(gettext("measure"))
    if variable.level > described.level or variable.id != described.id:
        found.append(gettext("level"))
    return found


def verify(client: BdlClient, variable: Variable) -> Described:
    """The description of the variable, or a refusal that shows both sides."""
    described = describe(client, variable.id)
    if found := differences(variable, described):
        ours = f"{variable.subject} “{variable.label}” [{variable.measure}], {LEVELS[variable.level]}"
        refuse(
            gettext(
                "Variable %(id)d is not what was declared for %(indicator)s; they differ in: %(what)s."
                " Declared: %(ours)s. BDL says: %(theirs)s. Correct the declaration or choose another id."
            )
            % {
                "id": variable.id,
                "indicator": variable.indicator,
                "what": ", ".join(found),
                "ours": ours.strip(),
                "theirs": described,
            }
        )
    return described


# --- reading -----------------------------------------------------------------------------------


def unit_code(bdl_id: str, level: int) -> str | None:
    """TERYT code of a BDL unit (characters 3–4 and 8–12); None for units that are not kept.

    The kind digit is checked and dropped: it changes when a village becomes a town, the six digits do not.
    """
    if not re.fullmatch(r"[0-9]{12}", bdl_id):
        raise ValueError(bdl_id)
    voivodeship, powiat, gmina, kind = bdl_id[2:4], bdl_id[7:9], bdl_id[9:11], bdl_id[11]
    if level == VOIVODESHIP:
        return voivodeship if voivodeship != "00" and bdl_id.endswith("0" * 8) else None
    if level == POWIAT:
        return voivodeship + powiat if powiat != "00" and gmina + kind == "000" else None
    return voivodeship + powiat + gmina if kind in GMINA_KINDS else None


def read_rows(rows: Iterable[dict[str, Any]], variable: Variable) -> list[Figure]:
    """Figures from the `results` of by-variable answers; refuses with everything that is wrong."""
    problems = Problems()
    figures: dict[tuple[str, str, int], Figure] = {}
    for number, row in enumerate(rows, start=1):
        for figure in _row(number, row, variable, problems):
            _merge(figures, figure, problems)
    problems.refuse_if_any()
    return list(figures.values())


def _row(number: int, row: dict[str, Any], variable: Variable, problems: Problems) -> list[Figure]:
    try:
        code = unit_code(str(row["id"]), variable.level)
        cells = [(int(v["year"]), v.get("val"), int(v["attrId"])) for v in row["values"]]
    except (KeyError, TypeError, ValueError) as error:
        message = gettext("This row of BDL has an unknown shape (%(why)s).") % {"why": repr(error)[:80]}
        problems.add(number, "id", message)
        return []
    if code is None:
        return []
    made = (_figure(number, code, cell, variable, problems) for cell in cells)
    return [figure for figure in made if figure]


def _figure(
    number: int, code: str, cell: tuple[int, Any, int], variable: Variable, problems: Problems
) -> Figure | None:
    year, value, attribute = cell
    if attribute not in ATTRIBUTES:
        message = gettext("Attribute %(id)d of BDL is unknown, so the value cannot be read safely.")
        problems.add(number, "attrId", message % {"id": attribute})
        return None
    if not (value is None or (type(value) in (int, float) and math.isfinite(value))):
        problems.add(number, "val", gettext("“%(text)s” is not a number.") % {"text": str(value)[:40]})
        return None
    try:
        read, flag, mark = read_value(value, attribute)
    except ValueError:
        message = gettext("The value %(value)s contradicts attribute %(id)d, which says 0.")
        problems.add(number, "val", message % {"value": value, "id": attribute})
        return None
    return Figure(code, variable.indicator, year, read, flag, mark, line=number)


def _merge(figures: dict[tuple[str, str, int], Figure], new: Figure, problems: Problems) -> None:
    """A gmina that changed its kind comes twice, under two ids: a figure wins over an absence."""
    old = figures.setdefault(new.key, new)
    if old is new or new.value is None:
        return
    if old.value is None:
        figures[new.key] = new
    elif old.value != new.value:
        message = gettext("Two different values for %(place)s in %(year)d: %(one)s and %(two)s.")
        named = {"place": new.place, "year": new.year, "one": old.value, "two": new.value}
        problems.add(new.line, "val", message % named)


def _check_ids(pages: list[Page]) -> None:
    ids = [row.get("id") for page in pages for row in page.results]
    if len(ids) != len(set(map(str, ids))):
        refuse(gettext("BDL sent the same unit on two pages. Run the command again."))


def fetch(
    client: BdlClient, variable: Variable, years: Iterable[int] = (), progress: Progress = silent
) -> Reading:
    """Verify the variable, then read it for all units of its level. Pages survive an interruption."""
    described = verify(client, variable)
    wanted = _years(variable, described, tuple(sorted(set(years))))
    params = {"unit-level": variable.level, "year": list(wanted)}
    job = _job(variable, params)
    label = f"{variable.indicator} ({variable.id})"
    pages = client.pages(job, f"/data/by-variable/{variable.id}", progress, label, **params)
    try:
        _check_ids(pages)
        figures = read_rows((row for page in pages for row in page.results), variable)
    except ImportRefused:
        client.state.forget(job)  # a bad answer must be asked for again
        raise
    return Reading(variable, described, figures, job, pages[0].updated, _notes(figures))


def _years(variable: Variable, described: Described, wanted: tuple[int, ...]) -> tuple[int, ...]:
    absent = [str(year) for year in wanted if year not in described.years]
    if absent or not described.years:
        refuse(
            gettext("BDL has no data of variable %(id)d for: %(years)s. It has: %(has)s.")
            % {
                "id": variable.id,
                "years": ", ".join(absent) or "–",
                "has": ", ".join(map(str, described.years)) or "–",
            }
        )
    return wanted or described.years


def _job(variable: Variable, params: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps([variable.id, params], sort_keys=True).encode()).hexdigest()[:16]


def _notes(figures: list[Figure]) -> list[str]:
    """What the marks of GUS say about the figures, counted."""
    counts = {
        gettext("not published (no information, secrecy or impossible)"): Flag.SUPPRESSED,
        gettext("missing"): Flag.MISSING,
        gettext("preliminary"): Flag.PRELIMINARY,
        gettext("below the unit of presentation"): Flag.BELOW_UNIT,
    }
    tally = {text: sum(f.flag is flag for f in figures) for text, flag in counts.items()}
    return [f"{text}: {n}" for text, n in tally.items() if n]
