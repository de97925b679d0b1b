"""Plain tables of local figures: what people send, and what they are told."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.places.importers.acts import import_figures
from krzew.places.importers.figure import Known, Limits
from krzew.places.importers.figures import FigureFile, read_figures, to_csv
from krzew.places.importers.problems import ImportRefused
from krzew.places.importers.reading import Upload
from krzew.places.models import Dataset, Flag, Value
from krzew.timeline.models import Event
from tests.places.importers.support import upload, workbook

SYSTEM = Actor.system()
KNOWN = Known(
    places=frozenset({"300202", "020101", "3002", "30"}),
    indicators={
        "long_term_unemployed": Limits(0, 100),
        "population_change": Limits(),
        "powiat_wage": Limits(0, None, 4),
    },
    today=date(2026, 11, 22),
)
HEAD = "kod;wskaźnik;rok;wartość;źródło\n"
GOOD = "300202;long_term_unemployed;2024;41,5;PUP, raport\n"


def read(text: str | bytes | Upload, encoding: str = "utf-8") -> FigureFile:
    return read_figures(text if isinstance(text, Upload) else upload(text, encoding=encoding), KNOWN)


def refusal(text: str | Upload) -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        read(text)
    return refused.value


# --- what is accepted --------------------------------------------------------------------------


def test_a_table_in_polish() -> None:
    (figure,) = read(HEAD + GOOD).figures
    assert (figure.place, figure.indicator, figure.year, figure.value) == (
        "300202",
        "long_term_unemployed",
        2024,
        41.5,
    )
    assert (figure.source, figure.measured_on, figure.flag, figure.line) == (
        "PUP, raport",
        None,
        Flag.OBSERVED,
        2,
    )


@pytest.mark.parametrize(
    "head",
    [
        "Kod TERYT;Wskaźnik;Rok lub data;Wartość;Źródło\n",
        "place code;indicator;year;value;source\n",
        "KOD_GMINY;Kod wskaźnika;DATA;Liczba;zrodlo\n",
    ],
)
def test_header_names_in_both_languages(head: str) -> None:
    assert read(head + GOOD).figures[0].value == 41.5


def test_columns_in_any_order_beside_others() -> None:
    text = "uwagi;value;source;year;indicator;name;code\nx;12.5;OPS;2023;population_change;Czarnków;3002022\n"
    assert read(text).figures[0].place == "300202"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso8859-2", "utf-16"])
def test_encodings(encoding: str) -> None:
    found = read(
        HEAD
        + "300202;long_term_unemployed;2024;41,5;Ośrodek „Źródło”\n".replace("„", '"')
        .replace("”", '"')
        .replace('"', "'"),
        encoding,
    )
    assert found.figures[0].source == "Ośrodek 'Źródło'"
    assert ("cp1250" in found.how) == (encoding == "cp1250")


@pytest.mark.parametrize(
    ("text", "value"),
    [("-1 234,5", -1234.5), ("-1\u2009234.5", -1234.5), ("12\u202f000", 12000), ("1e3", 1000), ("−7", -7)],
)
def test_decimals_and_spaces(text: str, value: float) -> None:
    assert read(HEAD + f"300202;population_change;2024;{text};GUS\n").figures[0].value == value


@pytest.mark.parametrize(
    ("when", "year", "day"),
    [
        ("2024", 2024, None),
        ("2024-12-31", 2024, date(2024, 12, 31)),
        ("31.12.2024", 2024, date(2024, 12, 31)),
        ("1.2.2025", 2025, date(2025, 2, 1)),
    ],
)
def test_years_and_dates(when: str, year: int, day: date | None) -> None:
    figure = read(HEAD + f"300202;long_term_unemployed;{when};1;OPS\n").figures[0]
    assert (figure.year, figure.measured_on) == (year, day)


def test_workbook_with_numbers_and_dates() -> None:
    rows: list[list[Any]] = [
        ["kod", "wskaźnik", "data", "wartość", "źródło"],
        ["020101", "long_term_unemployed", datetime(2024, 6, 30), 12.5, "PUP"],
        [300202, "long_term_unemployed", 2024, 0, "PUP"],
    ]
    one, two = read(workbook(rows)).figures
    assert (one.place, one.measured_on, one.value) == ("020101", date(2024, 6, 30), 12.5)
    assert (two.place, two.value, two.flag) == ("300202", 0, Flag.ZERO)


@pytest.mark.parametrize(
    ("mark", "flag"), [(".", Flag.MISSING), ("x", Flag.NOT_APPLICABLE), ("X", Flag.NOT_APPLICABLE)]
)
def test_marks_of_absence(mark: str, flag: Flag) -> None:
    figure = read(HEAD + f"300202;long_term_unemployed;2024;{mark};OPS\n").figures[0]
    assert (figure.value, figure.flag, figure.mark) == (None, flag, mark.lower())


def test_markup_stays_text() -> None:
    text = "<script>alert(1)</script> & <b>OPS</b>"
    assert read(HEAD + f"300202;long_term_unemployed;2024;5;{text}\n").figures[0].source == text


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("309999;long_term_unemployed;2024;5;OPS", "kod", "There is no unit 309999"),
        ("20101;long_term_unemployed;2024;5;OPS", "kod", "leading zero"),
        ("3002024;long_term_unemployed;2024;5;OPS", "kod", "part of a gmina"),
        ("Czarnków;long_term_unemployed;2024;5;OPS", "kod", "not a TERYT code"),
        ("٣٠٠٢٠٢;long_term_unemployed;2024;5;OPS", "kod", "not a TERYT code"),
        ("300202;powiat_wage;2024;5;OPS", "kod", "larger units"),
        ("300202;bezrobocie;2024;5;OPS", "wskaźnik", "no indicator “bezrobocie”"),
        ("300202;long_term_unemployed;1890;5;OPS", "rok", "outside 1990"),
        ("300202;long_term_unemployed;2027;5;OPS", "rok", "outside 1990"),
        ("300202;long_term_unemployed;2026-12-31;5;OPS", "rok", "outside 1990"),
        ("300202;long_term_unemployed;2024-02-30;5;OPS", "rok", "not a year or a date"),
        ("300202;long_term_unemployed;12/31/24;5;OPS", "rok", "not a year or a date"),
        ("300202;long_term_unemployed;2024;;OPS", "wartość", "value is empty"),
        ("300202;long_term_unemployed;2024;dużo;OPS", "wartość", "not a number"),
        ("300202;long_term_unemployed;2024;1.234,5;OPS", "wartość", "both a comma and a dot"),
        ("300202;long_term_unemployed;2024;=1+1;OPS", "wartość", "not a number"),
        ("300202;long_term_unemployed;2024;#REF!;OPS", "wartość", "not a number"),
        ("300202;long_term_unemployed;2024;4150;OPS", "wartość", "outside the range"),
        ("300202;long_term_unemployed;2024;-1;OPS", "wartość", "outside the range"),
        ("300202;long_term_unemployed;2024;5;", "źródło", "Say where the figure comes from"),
        ("300202;long_term_unemployed;2024", "wartość", "value is empty"),
    ],
)
def test_every_wrong_cell_is_named(row: str, column: str, words: str) -> None:
    refused = refusal(HEAD + GOOD + row + "\n")
    problem = next(p for p in refused.problems if p.column.startswith(column))
    assert problem.line == 3
    assert words in problem.message


def test_all_errors_at_once_and_fifty_shown() -> None:
    refused = refusal(HEAD + "1;a;b;c;\n" * 30)
    assert (refused.total, len(refused.problems)) == (150, 50)
    assert "100 more problems" in str(refused)


def test_the_same_figure_twice() -> None:
    refused = refusal(HEAD + GOOD + GOOD)
    assert "already in line 2" in str(refused)
    assert refused.problems[0].line == 3


def test_six_and_seven_digits_in_one_file() -> None:
    assert "leading zero may be lost" in str(
        refusal(HEAD + GOOD + GOOD.replace("300202;", "3002022;").replace("2024", "2023"))
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kod;rok;wartość\n1;2;3\n", "Missing: wskaźnik, źródło"),
        ("a,b\n", "first row must name"),
        (HEAD, "header and no figures"),
        ("\n\n", "table is empty"),
        (HEAD + '300202;"otwarte;2024;1;OPS\n', "quotation mark"),
    ],
)
def test_tables_that_are_none(text: str, words: str) -> None:
    assert words in str(refusal(text))


def test_a_workbook_that_lost_its_zeros() -> None:
    rows = [["kod", "wskaźnik", "rok", "wartość", "źródło"], [20101, "long_term_unemployed", 2024, 5, "PUP"]]
    assert "leading zero" in str(refusal(workbook(rows)))


def test_thirty_megabytes_are_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    from krzew.places.importers.reading import open_upload

    assert open_upload(b"x" * 30 * 1024 * 1024).data
    with pytest.raises(ImportRefused, match="larger than 30 MB"):
        open_upload(b"x" * (30 * 1024 * 1024 + 1))


# --- the way out -------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ['=HYPERLINK("http://x")', "+48 123", "-1", "@SUM(A1)", "OPS"])
def test_what_leaves_is_no_formula_and_comes_back(source: str) -> None:
    quoted = source.replace('"', '""')
    figures = read(HEAD + f'300202;long_term_unemployed;2024;0,1;"{quoted}"\n').figures
    out = to_csv(figures)
    cells = next(
        row for row in csv.reader(io.StringIO(out.decode("utf-8-sig")), delimiter=";") if row[0] == "300202"
    )
    assert not cells[4].startswith(("=", "+", "-", "@"))
    assert read(Upload("x.csv", out)).figures == figures


# --- loading -----------------------------------------------------------------------------------

TABLE = (
    HEAD + GOOD + "300202;care_waiting;31.12.2024;3,2;OPS <b>Czarnków</b>\n300203;care_waiting;2024;.;OPS\n"
)


def stored() -> list[tuple[Any, ...]]:
    rows = Value.objects.filter(dataset__kind=Dataset.Kind.LOCAL).order_by("unit", "indicator")
    return list(
        rows.values_list(
            "unit", "indicator", "year", "value", "flag", "dataset__source", "dataset__measured_on"
        )
    )


@pytest.mark.usefixtures("places_loaded")
def test_each_source_and_date_is_a_dataset() -> None:
    outcome = import_figures(SYSTEM, upload(TABLE, encoding="cp1250"))
    assert (outcome.added, outcome.nothing_new) == (3, False)
    assert "cp1250" in outcome.notes[0]
    assert stored() == [
        ("300202", "care_waiting", 2024, 3.2, "observed", "OPS <b>Czarnków</b>", date(2024, 12, 31)),
        ("300202", "long_term_unemployed", 2024, 41.5, "observed", "PUP, raport", None),
        ("300203", "care_waiting", 2024, None, "missing", "OPS", None),
    ]
    assert len({row.sha256 for row in Dataset.objects.filter(kind=Dataset.Kind.LOCAL)}) == 3


@pytest.mark.usefixtures("places_loaded")
def test_the_same_file_twice_changes_nothing() -> None:
    import_figures(SYSTEM, upload(TABLE))
    before, events = stored(), Event.objects.count()
    loaded_at = list(Dataset.objects.values_list("loaded_at"))
    outcome = import_figures(SYSTEM, upload(TABLE))
    assert (outcome.nothing_new, outcome.same) == (True, 3)
    assert (stored(), Event.objects.count()) == (before, events)
    assert list(Dataset.objects.values_list("loaded_at")) == loaded_at


@pytest.mark.usefixtures("places_loaded")
def test_a_corrected_file_changes_only_its_figures() -> None:
    import_figures(SYSTEM, upload(TABLE))
    outcome = import_figures(SYSTEM, upload(TABLE.replace("41,5", "42,5")))
    assert (outcome.added, outcome.changed, outcome.same) == (0, 1, 2)


@pytest.mark.usefixtures("places_loaded")
def test_one_wrong_line_loads_nothing() -> None:
    with pytest.raises(ImportRefused):
        import_figures(SYSTEM, upload(TABLE + "309999;care_waiting;2024;1;OPS\n"))
    assert stored() == []
    assert not Dataset.objects.filter(kind=Dataset.Kind.LOCAL).exists()


@pytest.mark.usefixtures("places_loaded")
def test_a_dry_run_writes_nothing() -> None:
    events = Event.objects.count()
    outcome = import_figures(SYSTEM, upload(TABLE), dry_run=True)
    assert (outcome.added, stored(), Event.objects.count()) == (3, [], events)
    assert "Nothing was written" in str(outcome)


@pytest.mark.usefixtures("places_loaded")
def test_only_those_who_may_import(member: Actor, owner: Actor, mayor: Actor) -> None:
    for stranger in (member, mayor, Actor.anonymous()):
        with pytest.raises(Denied):
            import_figures(stranger, upload(TABLE))
    assert import_figures(owner, upload(TABLE)).added == 3
