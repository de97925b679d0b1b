"""Sheets like the OZPS: three kinds of nothing stay apart, forecasts stay out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from krzew.accounts.actors import Actor
from krzew.places.importers.acts import import_ozps
from krzew.places.importers.figure import Known, Limits
from krzew.places.importers.ozps import Options, OzpsFile, mapping_beside, read_mapping, read_ozps
from krzew.places.importers.problems import ImportRefused
from krzew.places.importers.reading import Upload
from krzew.places.models import Dataset, Flag, Value
from tests.places.importers.support import upload, workbook

SYSTEM = Actor.system()
KNOWN = Known(
    frozenset({"300202", "300203"}),
    {"care_waiting": Limits(0, 1000), "blue_cards": Limits(0, None)},
    date(2026, 1, 1),
)
LABELS = {"Osoby oczekujące na usługi opiekuńcze": "care_waiting", "Niebieskie Karty": "blue_cards"}
SHEET = """Ocena zasobów pomocy społecznej;;;;;
Gmina Czarnków;;;;;
Kod TERYT;Wskaźnik;2022;2023 r.;rok 2024;2025 (prognoza)
300202;Osoby oczekujące na usługi opiekuńcze;3,5;0;.;9
300202;1.2. Liczba łóżek;7;7;7;7
300202;niebieskie karty;x;12;;8
300203;Osoby oczekujące na usługi opiekuńcze;1;2;3;4
"""


def read(sheet: str | Upload, **options: Any) -> OzpsFile:
    chosen = Options(**{"labels": LABELS, **options})
    return read_ozps(sheet if isinstance(sheet, Upload) else upload(sheet), chosen, KNOWN)


def refusal(sheet: str | Upload, **options: Any) -> str:
    with pytest.raises(ImportRefused) as refused:
        read(sheet, **options)
    return str(refused.value)


def test_zero_dot_and_x_stay_apart() -> None:
    cells = {(f.place, f.indicator, f.year): (f.value, f.flag, f.mark) for f in read(SHEET).figures}
    assert cells[("300202", "care_waiting", 2022)] == (3.5, Flag.OBSERVED, "")
    assert cells[("300202", "care_waiting", 2023)] == (0.0, Flag.BELOW_UNIT, "0")
    assert cells[("300202", "care_waiting", 2024)] == (None, Flag.MISSING, ".")
    assert cells[("300202", "blue_cards", 2022)] == (None, Flag.NOT_APPLICABLE, "x")
    assert ("300202", "blue_cards", 2024) not in cells  # an empty cell says nothing


def test_what_was_not_read_is_said() -> None:
    found = read(SHEET)
    assert found.forecasts == ["2025 (prognoza)"]
    assert found.unmapped == ["1.2. Liczba łóżek"]
    assert found.empty == 1
    assert {figure.year for figure in found.figures} == {2022, 2023, 2024}


def test_workbook_with_numbers() -> None:
    rows: list[list[Any]] = [
        ["OZPS"],
        ["Kod", "Wyszczególnienie", 2023, 2024, "Prognoza 2025"],
        ["300202", "Niebieskie Karty", 0, ".", 5],
        ["300203", "Niebieskie Karty", "x", 4.0, 5],
    ]
    found = read(workbook(rows))
    assert [(f.value, f.flag) for f in found.figures] == [
        (0.0, Flag.BELOW_UNIT),
        (None, Flag.MISSING),
        (None, Flag.NOT_APPLICABLE),
        (4.0, Flag.OBSERVED),
    ]


def test_a_sheet_of_one_gmina() -> None:
    sheet = "Wskaźnik;2023;2024\nNiebieskie Karty;1;2\n"
    assert [f.place for f in read(sheet, place="3002022").figures] == ["300202", "300202"]
    assert "State the gmina" in refusal(sheet)
    assert "no unit 309999" in refusal(sheet, place="309999")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (";12;", ";dwanaście;", "line 6, column “2023”"),
        (";12;", ";-;", "not a number"),
        (";12;", ";-5;", "outside the range"),
        ("3,5;", "3500;", "line 4, column “2022”"),
        ("300203;", "309999;", "There is no unit 309999"),
        ("300203;", "30020;", "leading zero"),
        ("300203;", "3002032;", "six and of seven digits"),
        ("300203;Osoby", "300202;Osoby", "already in line 4"),
        ("Wskaźnik;", "Lp.;", "No header found"),
        (";2022;2023 r.;rok 2024;2025 (prognoza)", ";a;b;c;d", "No header found"),
        ("rok 2024", "2027", "future"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, words: str) -> None:
    assert words in refusal(SHEET.replace(old, new))


def test_a_mapping_to_what_does_not_exist() -> None:
    assert "not an indicator" in refusal(SHEET, labels={"x": "nieznany"})


def test_a_mapping_that_meets_no_row() -> None:
    assert "1.2. Liczba łóżek" in refusal(SHEET, labels={"Zupełnie co innego": "blue_cards"})


def test_the_mapping_lies_beside_the_sheet(tmp_path: Path) -> None:
    path = mapping_beside(tmp_path / "ozps.xlsx")
    path.write_text('[labels]\n"Niebieskie Karty" = "blue_cards"\n', encoding="utf-8")
    assert read_mapping(path) == {"Niebieskie Karty": "blue_cards"}


@pytest.mark.parametrize("text", ["", "[labels", "labels = 1", "[labels]\na = 1", "[other]\na = 'b'"])
def test_a_broken_mapping(text: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"m\.toml cannot be read"):
        read_mapping(tmp_path / "m.toml")


@pytest.mark.usefixtures("places_loaded")
def test_loading_keeps_the_signs_and_is_idempotent() -> None:
    options = Options(LABELS)
    outcome = import_ozps(SYSTEM, upload(SHEET), options, source="OZPS 2024")
    assert outcome.added == 8
    assert any("2025 (prognoza)" in note for note in outcome.notes)
    rows = Value.objects.filter(dataset__kind=Dataset.Kind.OZPS, unit="300202").order_by(
        "indicator_id", "year"
    )
    assert list(rows.values_list("year", "value", "flag", "source_code")) == [
        (2022, None, "not_applicable", "x"),
        (2023, 12, "observed", ""),
        (2022, 3.5, "observed", ""),
        (2023, 0, "below_unit", "0"),
        (2024, None, "missing", "."),
    ]
    assert import_ozps(SYSTEM, upload(SHEET), options, source="OZPS 2024").nothing_new


@pytest.mark.usefixtures("places_loaded")
def test_one_wrong_cell_loads_nothing() -> None:
    with pytest.raises(ImportRefused):
        import_ozps(SYSTEM, upload(SHEET.replace(";12;", ";brak;")), Options(LABELS))
    assert not Dataset.objects.filter(kind=Dataset.Kind.OZPS).exists()
