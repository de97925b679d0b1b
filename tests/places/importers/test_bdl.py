"""Indicators from BDL: what an id means, what a number means, and that nothing is half-loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.places.importers import bdl
from krzew.places.importers.acts import sync_bdl
from krzew.places.importers.bdl import Variable, declared, fetch, read_rows, unit_code, verify
from krzew.places.importers.bdl_attributes import ATTRIBUTES, read_value
from krzew.places.importers.problems import ImportRefused
from krzew.places.models import EMPTY_FLAGS, Dataset, Flag, Value
from krzew.places.vocabulary import indicators
from krzew.timeline.models import Event
from tests.places.importers.support import GMINA_IDS, POPULATION, RECORDED, FakeBdl, bdl_client, row

SYSTEM = Actor.system()
TOWN, RURAL, OTHER = GMINA_IDS.values()


def service(*rows: dict[str, Any], **variable: Any) -> FakeBdl:
    return FakeBdl(list(rows), **variable)


# --- units -------------------------------------------------------------------------------------


def test_codes_of_the_recorded_units() -> None:
    codes = {
        unit["id"]: unit_code(unit["id"], unit["level"]) for unit in RECORDED["units"] if unit["level"] >= 5
    }
    assert codes["011212001000"] == "1201"
    assert codes["011212001011"] == "120101"
    assert codes["011212001022"] == "120102"


@pytest.mark.parametrize("kind", "456789")
def test_parts_districts_and_delegations_are_not_kept(kind: str) -> None:
    assert unit_code("01121200102" + kind, 6) is None


def test_larger_units_are_not_taken_for_smaller_ones() -> None:
    assert unit_code("000000000000", 2) is None  # Poland
    assert unit_code("010000000000", 2) is None  # a macroregion
    assert unit_code("011200000000", 2) == "12"
    assert unit_code("011212000000", 5) is None  # a subregion
    assert unit_code("011212001000", 6) is None  # a powiat


@pytest.mark.parametrize("bad", ["", "300202", "02301570202X", "0230157020222", "023015706012-0199020"])
def test_an_id_of_another_shape(bad: str) -> None:
    with pytest.raises(ValueError):
        unit_code(bad, 6)


# --- attributes --------------------------------------------------------------------------------


def test_every_recorded_attribute_is_known() -> None:
    assert {attribute["id"] for attribute in RECORDED["attributes"]} == set(ATTRIBUTES)


@pytest.mark.parametrize(
    ("value", "attribute", "read"),
    [
        (12.0, 1, (12.0, Flag.OBSERVED, "")),
        (0, 1, (0.0, Flag.ZERO, "")),
        (0, 0, (0.0, Flag.ZERO, "")),
        (0, 94, (0.0, Flag.ZERO, "z")),
        (0, 4, (None, Flag.SUPPRESSED, "x")),
        (0, 91, (None, Flag.SUPPRESSED, "x")),
        (0, 7, (0.0, Flag.BELOW_UNIT, "a")),
        (0, 15, (None, Flag.MISSING, "-")),
        (0, 50, (None, Flag.MISSING, "n")),
        (5.0, 9, (5.0, Flag.PRELIMINARY, "s")),
        (5.0, 3, (5.0, Flag.OBSERVED, "k")),
        (5.0, 97, (None, Flag.MISSING, "p")),
        (None, 1, (None, Flag.MISSING, "")),
    ],
)
def test_a_number_is_read_with_its_attribute(value: Any, attribute: int, read: Any) -> None:
    assert read_value(value, attribute) == read


@pytest.mark.parametrize("attribute", list(ATTRIBUTES))
def test_flag_and_value_agree_as_the_database_demands(attribute: int) -> None:
    for number in (0, None):
        value, flag, _mark = read_value(number, attribute)
        assert (value is None) == (flag in EMPTY_FLAGS)


# --- rows --------------------------------------------------------------------------------------


def test_recorded_rows_are_read() -> None:
    variable = Variable("population", 10, "x", level=2)
    figures = read_rows(RECORDED["data"], variable)
    cells = next(r for r in RECORDED["data"] if r["id"] == "011200000000")["values"]
    assert [(f.place, str(f.year), f.value) for f in figures] == [("12", c["year"], c["val"]) for c in cells]


def test_a_gmina_under_its_old_and_new_kind_is_one_series() -> None:
    rows = [
        row("023015702022", (2023, 10, 1), (2024, 0, 15)),
        row("023015702023", (2023, 0, 15), (2024, 11, 1)),
    ]
    assert [(f.year, f.value) for f in read_rows(rows, POPULATION)] == [(2023, 10), (2024, 11)]


def test_two_different_values_of_one_gmina_are_refused() -> None:
    rows = [row("023015702022", (2024, 10, 1)), row("023015702023", (2024, 11, 1))]
    with pytest.raises(ImportRefused, match="Two different values for 300202 in 2024"):
        read_rows(rows, POPULATION)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"id": TOWN}, "unknown shape"),
        ({"id": TOWN, "values": [{"year": "2024", "val": 5}]}, "unknown shape"),
        ({"id": "<script>", "values": []}, "unknown shape"),
        (row(TOWN, (2024, 5, 33)), "Attribute 33 of BDL is unknown"),
        (row(TOWN, (2024, 5, 0)), "contradicts attribute 0"),
        (row(TOWN, (2024, float("nan"), 1)), "not a number"),
        (row(TOWN, (2024, "12", 1)), "not a number"),  # type: ignore[arg-type]
        (row(TOWN, (2024, True, 1)), "not a number"),
    ],
)
def test_a_broken_row_is_named(broken: dict[str, Any], words: str) -> None:
    with pytest.raises(ImportRefused, match=words) as refused:
        read_rows([row(RURAL, (2024, 1, 1)), broken], POPULATION)
    assert refused.value.problems[0].line == 2


# --- what an id means --------------------------------------------------------------------------


def test_the_recorded_variable_is_recognised(tmp_path: Path) -> None:
    recorded = FakeBdl([])
    recorded.variable, recorded.subject = RECORDED["variable"], RECORDED["subject"]
    ours = Variable("x", 10, "gmina councillors by sex and age, 25-29", 6, "P1313", "osoba")
    described = verify(bdl_client(recorded, tmp_path), ours)
    assert (described.level, described.measure, described.years[-1]) == (6, "osoba", 2024)


def test_60270_is_not_the_share_of_the_unemployed(tmp_path: Path) -> None:
    powiat_rate = service(id=60270, subjectId="P2392", n1="ogółem", level=5, measureUnitName="%")
    powiat_rate.subject = {"id": "P2392", "name": "Stopa bezrobocia rejestrowanego"}
    share = Variable(
        "unemployment_share",
        60270,
        "udział bezrobotnych zarejestrowanych w liczbie ludności w wieku produkcyjnym",
    )
    with pytest.raises(ImportRefused) as refused:
        verify(bdl_client(powiat_rate, tmp_path), share)
    text = str(refused.value)
    assert share.label in text
    assert "Stopa bezrobocia rejestrowanego" in text
    assert "label, level" in text


def test_one_sex_is_not_taken_for_all(tmp_path: Path) -> None:
    women = service(n1="kobiety")
    with pytest.raises(ImportRefused, match="differ in: label"):
        verify(bdl_client(women, tmp_path), POPULATION)


@pytest.mark.parametrize(
    ("change", "word"),
    [({"subjectId": "P9"}, "subject"), ({"measureUnitName": "tys."}, "measure"), ({"level": 5}, "level")],
)
def test_every_difference_is_named(change: dict[str, Any], word: str, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=f"differ in: {word}"):
        verify(bdl_client(service(**change), tmp_path), POPULATION)


def test_declarations_agree_with_the_catalogue() -> None:
    for code, variable in declared().items():
        spec = indicators()[code]
        assert spec.bdl_variable_id in (None, variable.id), code
        assert bdl.LEVELS[variable.level] == spec.level, code


def test_a_broken_declaration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    for text in ("[a]\nid = ", "[a]\nid = 1\nname = 'x'\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ImportRefused, match="cannot be read"):
            declared(path)


def test_years_that_the_service_has_not(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no data of variable 72305 for: 1980"):
        fetch(bdl_client(service(row(TOWN, (2024, 1, 1))), tmp_path), POPULATION, [1980, 2024])


# --- loading -----------------------------------------------------------------------------------


@pytest.fixture
def loaded(places_loaded: None) -> None:
    """Real units."""


def stored(place: str = "300202") -> list[tuple[int, float | None, str, str]]:
    rows = Value.objects.filter(dataset__kind=Dataset.Kind.BDL, unit=place).order_by("year")
    return list(rows.values_list("year", "value", "flag", "source_code"))


@pytest.mark.usefixtures("loaded")
def test_figures_are_written_once(tmp_path: Path) -> None:
    source = service(
        row(TOWN, (2023, 10, 1), (2024, 11, 9)),
        row(RURAL, (2023, 12, 3), (2024, 0, 4)),
        row("023015702024", (2024, 5, 1)),  # a part of a mixed gmina
        row("023015799012", (2024, 5, 1)),  # a gmina that nobody knows
    )
    client = bdl_client(source, tmp_path)
    first = sync_bdl(SYSTEM, client, POPULATION, [2023, 2024])
    assert (first.added, first.changed) == (4, 0)
    assert stored() == [(2023, 12, "observed", "k"), (2024, None, "suppressed", "x")]
    assert any("not in our list, not written: 309901" in note for note in first.notes)
    events, hashes = Event.objects.count(), list(Dataset.objects.values_list("code", "sha256"))
    again = sync_bdl(SYSTEM, client, POPULATION, [2023, 2024])
    assert again.nothing_new
    assert again.same == 4
    assert Event.objects.count() == events
    assert list(Dataset.objects.values_list("code", "sha256")) == hashes
    source.rows[0] = row(TOWN, (2023, 10, 1), (2024, 15, 1))
    third = sync_bdl(SYSTEM, client, POPULATION, [2023, 2024])
    assert (third.added, third.changed, third.same) == (0, 1, 3)


@pytest.mark.usefixtures("loaded")
def test_a_dry_run_writes_nothing_and_keeps_the_pages(tmp_path: Path) -> None:
    source = service(row(TOWN, (2024, 11, 1)))
    client = bdl_client(source, tmp_path)
    events = Event.objects.count()
    outcome = sync_bdl(SYSTEM, client, POPULATION, [2024], dry_run=True)
    assert (outcome.added, stored("300201"), Event.objects.count()) == (1, [], events)
    sync_bdl(SYSTEM, client, POPULATION, [2024])
    assert source.data_calls() == [0]
    assert stored("300201") == [(2024, 11, "observed", "")]
    params = next(request.url.params for request in source.requests if "/data/" in request.url.path)
    assert (params.get_list("year"), params["unit-level"]) == (["2024"], "6")


@pytest.mark.usefixtures("loaded")
def test_one_bad_row_among_many_loads_nothing(tmp_path: Path) -> None:
    source = service(
        *[row(f"0230157020{n:02d}", (2024, 1, 1)) for n in range(11, 14)], row(OTHER, (2024, 5, 33))
    )
    client = bdl_client(source, tmp_path)
    with pytest.raises(ImportRefused):
        sync_bdl(SYSTEM, client, POPULATION, [2024])
    assert not Dataset.objects.filter(kind=Dataset.Kind.BDL).exists()
    source.rows[-1] = row(OTHER, (2024, 5, 1))
    assert sync_bdl(SYSTEM, client, POPULATION, [2024]).added  # the bad page is asked for again


@pytest.mark.usefixtures("loaded")
def test_an_interrupted_sync_goes_on_and_loads_the_whole(tmp_path: Path) -> None:
    source = FakeBdl([row(unit, (2024, 7, 1)) for unit in GMINA_IDS.values()], page_size=1)
    source.faults = [None, None, None, *[httpx.ConnectError("gone")] * 5]
    client = bdl_client(source, tmp_path)
    with pytest.raises(ImportRefused):
        sync_bdl(SYSTEM, client, POPULATION, [2024])
    assert stored() == []
    assert sync_bdl(SYSTEM, client, POPULATION, [2024]).added == 3
    assert [n for n in source.data_calls() if n == 0] == [0]  # the first page was asked for once


@pytest.mark.usefixtures("loaded")
def test_values_out_of_range_are_refused(tmp_path: Path) -> None:
    source = service(row(TOWN, (2024, -3, 1)))
    with pytest.raises(ImportRefused, match="outside the range"):
        sync_bdl(SYSTEM, bdl_client(source, tmp_path), POPULATION, [2024])


@pytest.mark.usefixtures("loaded")
def test_units_of_another_world(tmp_path: Path) -> None:
    source = service(row("023015799012", (2024, 5, 1)))
    with pytest.raises(ImportRefused, match="None of the units"):
        sync_bdl(SYSTEM, bdl_client(source, tmp_path), POPULATION, [2024])


@pytest.mark.usefixtures("loaded")
def test_only_those_who_may_import(tmp_path: Path, adviser: Actor, owner: Actor) -> None:
    source = service(row(TOWN, (2024, 5, 1)))
    client = bdl_client(source, tmp_path)
    with pytest.raises(Denied):
        sync_bdl(adviser, client, POPULATION, [2024])
    assert source.requests == []
    assert sync_bdl(owner, client, POPULATION, [2024]).added == 1
