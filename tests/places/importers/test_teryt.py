"""The official list of units: formats, faults, changes and dated versions."""

from __future__ import annotations

import base64
import re
from datetime import date

import pytest

from krzew.accounts.actors import Actor
from krzew.places.importers.acts_units import sync_teryt
from krzew.places.importers.problems import ImportRefused
from krzew.places.importers.reading import Upload, open_upload
from krzew.places.importers.teryt import changes, parse_csv, read_terc, soap_content
from krzew.places.models import Change, Dataset, Unit, UnitVersion
from krzew.timeline.models import Event
from tests.places.importers.support import DATA, soap, terc_file, terc_lines, upload, zipped

NEW, OLD = (DATA / "terc_2026.csv").read_bytes(), (DATA / "terc_2020.csv").read_bytes()
SYSTEM = Actor.system()


# --- formats -----------------------------------------------------------------------------------


def test_official_csv() -> None:
    state = parse_csv(NEW)
    assert state.day == date(2026, 1, 1)
    assert (state.count("voivodeship"), state.count("powiat")) == (16, 16)
    assert state.units["30"].name == "wielkopolskie"
    town, rural = state.units["300201"], state.units["300202"]
    assert (town.name, town.kind, rural.name, rural.kind) == ("Czarnków", "urban", "Czarnków", "rural")
    assert rural.code7 == "3002022"


def test_parts_and_districts_are_no_units() -> None:
    units = parse_csv(NEW).units
    assert units["1465"].kind == "city_powiat"
    assert [code for code in units if code.startswith("1465") and len(code) == 6] == ["146501"]
    assert all(unit.code7[6:] in ("", "1", "2", "3") for unit in units.values())


@pytest.mark.parametrize(
    "wrap", [lambda d: d, lambda d: zipped("TERC.csv", d), lambda d: soap(zipped("TERC.csv", d)).data]
)
def test_the_three_ways_in_which_it_comes(wrap) -> None:  # type: ignore[no-untyped-def]
    assert read_terc(Upload("terc", wrap(NEW))) == parse_csv(NEW)


def test_change_table_of_2020_to_2026() -> None:
    table = changes(parse_csv(OLD), parse_csv(NEW))
    found = {(row.code, row.change): (row.old, row.new) for row in table}
    assert found[("120713", "created")] == ("", "Szczawa")
    assert found[("200216", "created")] == ("", "Grabówka")
    assert found[("221208", "renamed")] == ("Słupsk", "Redzikowo")
    assert not [row for row in table if row.change == "removed"]
    assert changes(parse_csv(NEW), parse_csv(NEW)) == []


# --- faults ------------------------------------------------------------------------------------


def line_of(text: bytes, start: str) -> int:
    return next(
        n for n, line in enumerate(text.decode("utf-8-sig").splitlines(), 1) if line.startswith(start)
    )


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.77, 0.9, 0.999])
def test_a_truncated_file_is_refused(cut: float) -> None:
    with pytest.raises(ImportRefused):
        parse_csv(NEW[: int(len(NEW) * cut)])


def test_a_file_cut_between_two_lines_is_refused() -> None:
    lines = NEW.splitlines(keepends=True)
    for count in (1, 20, 50, len(lines) - 6):
        with pytest.raises(ImportRefused, match=r"cut off|One date"):
            parse_csv(b"".join(lines[:count]))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("30;02;02;2;", "30;02;02;7;", "unknown kind"),
        ("30;02;02;2;", "30;02;2;2;", "not a code"),
        ("30;02;02;2;", "30;02;٠٢;2;", "not a code"),
        ("30;02;02;2;", "30;99;02;2;", "3099, which is not in the file"),
        ("30;02;02;2;", "30;02;01;2;", "already in line"),
        ("30;02;02;2;Czarnków;", "30;02;02;2;;", "no usable name"),
        ("30;02;02;2;Czarnków;", "30;02;02;2;Czarnków;x;", "8 fields instead of 7"),
    ],
)
def test_a_broken_line_is_named(old: str, new: str, words: str) -> None:
    line = line_of(NEW, old)
    with pytest.raises(ImportRefused, match=words) as refused:
        parse_csv(NEW.decode("utf-8-sig").replace(old, new).encode())
    assert line in [problem.line for problem in refused.value.problems]


def test_all_errors_at_once() -> None:
    text = NEW.decode("utf-8-sig").replace("gmina wiejska;2026-01-01", "gmina wiejska")
    with pytest.raises(ImportRefused) as refused:
        parse_csv(text.encode())
    assert len(refused.value.problems) > 5


def test_two_dates_in_one_file() -> None:
    with pytest.raises(ImportRefused, match="One date for the whole file"):
        parse_csv(NEW.replace(b"2026-01-01", b"2025-01-01", 3))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WOJ,POW,GMI\n02,01,01\n",
        "<html></html>",
        '{"a": 1}',
        "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\n",
    ],
)
def test_what_is_no_list(text: str) -> None:
    with pytest.raises(ImportRefused):
        read_terc(upload(text))


def test_cp1250_is_understood() -> None:
    assert parse_csv(NEW.decode("utf-8-sig").encode("cp1250")).units == parse_csv(NEW).units


# --- hostile envelopes -------------------------------------------------------------------------


def test_entities_are_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x><plik_zawartosc>&b;</plik_zawartosc></x>'
    )
    with pytest.raises(ImportRefused, match="declares entities"):
        soap_content(bomb)


def test_external_entities_are_not_read() -> None:
    attack = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><plik_zawartosc>&a;</plik_zawartosc></x>'
    )
    with pytest.raises(ImportRefused, match="declares entities"):
        soap_content(attack)


def test_a_fault_of_the_service_is_passed_on() -> None:
    fault = b"<Envelope><Body><Fault><faultstring>Brak uprawnien</faultstring></Fault></Body></Envelope>"
    with pytest.raises(ImportRefused, match="Brak uprawnien"):
        read_terc(upload(fault))


def test_a_truncated_answer() -> None:
    whole = soap(zipped("TERC.csv", NEW)).data
    with pytest.raises(ImportRefused, match="cut off or damaged") as refused:
        read_terc(upload(whole[: len(whole) // 2]))
    assert refused.value.problems[0].line == 1


@pytest.mark.parametrize("content", ["@@@", base64.b64encode(b"PK\x03\x04broken").decode(), ""])
def test_a_damaged_content(content: str) -> None:
    with pytest.raises(ImportRefused):
        read_terc(soap(content))


def test_a_damaged_entry_in_the_archive() -> None:
    data = bytearray(zipped("TERC.csv", NEW))
    data[80:90] = b"\xff" * 10
    with pytest.raises(ImportRefused, match="damaged"):
        read_terc(Upload("t.zip", bytes(data)))


def test_an_archive_without_a_list() -> None:
    with pytest.raises(ImportRefused, match="no CSV"):
        read_terc(Upload("t.zip", zipped("readme.txt", b"x")))


def test_a_bomb_in_the_envelope() -> None:
    with pytest.raises(ImportRefused, match="too much"):
        read_terc(soap(zipped("TERC.csv", b"0" * 60_000_000)))


# --- loading -----------------------------------------------------------------------------------

DAY = "2027-01-01"


def changed_list() -> dict[str, str]:
    """A list of 2027 with one new gmina, one of a new kind, one renamed and one gone."""
    lines = terc_lines(DAY)
    lines["300299"] = f"30;02;99;2;Gębice;gmina wiejska;{DAY}"
    lines["300202"] = lines["300202"].replace(";2;Czarnków", ";3;Czarnków")
    lines["300203"] = lines["300203"].replace(";Drawsko;", ";Drawsko Wielkopolskie;")
    del lines["300205"]
    return dict(sorted(lines.items()))


def versions(code: str) -> list[tuple[str, str, date, date | None]]:
    rows = UnitVersion.objects.filter(unit=code).order_by("valid_from")
    return [(v.name, v.kind, v.valid_from, v.valid_to) for v in rows]


@pytest.mark.usefixtures("places_loaded")
def test_the_state_that_is_loaded_changes_nothing() -> None:
    before, events = list(UnitVersion.objects.values_list()), Event.objects.count()
    outcome = sync_teryt(SYSTEM, terc_file(terc_lines("2026-01-01")))
    assert outcome.nothing_new
    assert outcome.same == Unit.objects.filter(valid_to=None).count()
    assert list(UnitVersion.objects.values_list()) == before
    assert Event.objects.count() == events


@pytest.mark.usefixtures("places_loaded")
def test_differences_become_versions_and_changes() -> None:
    events = Event.objects.count()
    outcome = sync_teryt(SYSTEM, terc_file(changed_list()))
    assert (outcome.added, outcome.changed) == (1, 3)
    assert versions("300202")[-2][3] == date(2026, 12, 31)
    assert versions("300202")[-1] == ("Czarnków", "mixed", date(2027, 1, 1), None)
    assert Unit.objects.get(pk="300202").code7 == "3002023"
    assert Unit.objects.get(pk="300203").name_key == "drawsko wielkopolskie"
    assert Unit.objects.get(pk="300205").valid_to == date(2026, 12, 31)
    new = Unit.objects.get(pk="300299")
    assert (new.settlement, new.parent_id, new.valid_from) == ("new", "3002", date(2027, 1, 1))
    found = Change.objects.filter(date_to=DAY).values_list("unit", "change")
    assert set(found) == {
        ("300299", "created"),
        ("300202", "kind_changed"),
        ("300203", "renamed"),
        ("300205", "removed"),
    }
    kind = Change.objects.get(date_to=DAY, change="kind_changed")
    assert (kind.old_code7, kind.new_code7) == ("3002022", "3002023")
    assert any("300299 Gębice" in note for note in outcome.notes)
    assert Event.objects.count() == events + 1


@pytest.mark.usefixtures("places_loaded")
def test_the_same_list_twice_changes_nothing() -> None:
    listed = terc_file(changed_list())
    sync_teryt(SYSTEM, listed)
    before = list(Change.objects.values_list())
    assert sync_teryt(SYSTEM, listed).nothing_new
    assert list(Change.objects.values_list()) == before


@pytest.mark.usefixtures("places_loaded")
def test_a_dry_run_shows_and_writes_nothing() -> None:
    outcome = sync_teryt(SYSTEM, terc_file(changed_list()), dry_run=True)
    assert (outcome.added, outcome.changed) == (1, 3)
    assert not Unit.objects.filter(pk="300299").exists()
    assert not Dataset.objects.filter(kind=Dataset.Kind.TERYT).exists()


@pytest.mark.usefixtures("places_loaded")
def test_an_older_list_is_refused() -> None:
    with pytest.raises(ImportRefused, match="2026-01-01 is already loaded"):
        sync_teryt(SYSTEM, terc_file(terc_lines("2020-01-01")))


@pytest.mark.usefixtures("places_loaded")
def test_many_units_do_not_disappear_by_mistake() -> None:
    lines = {
        code: line
        for code, line in terc_lines(DAY).items()
        if not re.match(r"3002\d\d|3003\d\d|3004\d\d", code) or code.endswith("01")
    }
    listed = terc_file(lines)
    with pytest.raises(ImportRefused, match="units would disappear"):
        sync_teryt(SYSTEM, listed)
    assert Unit.objects.filter(valid_to__isnull=False).count() == 0
    assert sync_teryt(SYSTEM, listed, accept_removals=True).changed > 20


@pytest.mark.usefixtures("places_loaded")
def test_a_gmina_that_comes_back_is_the_same_unit() -> None:
    first = changed_list()
    sync_teryt(SYSTEM, terc_file(first))
    lines = {code: line.replace(DAY, "2028-01-01") for code, line in first.items()}
    point = Unit.objects.get(pk="300205").lon
    lines["300205"] = "30;02;05;2;Lubasz;gmina wiejska;2028-01-01"
    assert sync_teryt(SYSTEM, terc_file(dict(sorted(lines.items())))).added == 1
    back = Unit.objects.get(pk="300205")
    assert (back.valid_to, back.lon) == (None, point)
    assert len(versions("300205")) == 2


def test_file_from_disk() -> None:
    assert read_terc(open_upload(DATA / "terc_2026.csv")).units
