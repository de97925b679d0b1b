"""Finding a place: without diacritics, by powiat, by codes of today and of former days; names that repeat."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from krzew.places.models import Unit
from krzew.places.names import full_name, short_name
from krzew.places.queries import get_unit, gminas
from krzew.places.search import resolve, search
from krzew.places.text import fold

pytestmark = pytest.mark.usefixtures("places_loaded")


def codes(text: str, **options: object) -> list[str]:
    return [unit.code for unit in search(text, **options)]  # type: ignore[arg-type]


def test_the_beginning_of_a_name_is_enough() -> None:
    found = codes("czarn")
    assert {"300201", "300202"} <= set(found)
    assert all(fold(unit.name).startswith("czarn") for unit in search("czarn"))


@pytest.mark.parametrize("text", ["Czarnkow", "CZARNKÓW", "  czarnków "])
def test_diacritics_and_case_do_not_matter(text: str) -> None:
    assert codes(text)[:2] == ["300201", "300202"]


@pytest.mark.parametrize("text", ["300202", "3002022"])
def test_codes_of_today(text: str) -> None:
    found = resolve(text)
    assert isinstance(found, Unit)
    assert found.code == "300202"


def test_code_of_former_days_leads_to_the_unit() -> None:
    changed = Unit.objects.filter(changes__change="kind_changed").first()
    assert changed is not None
    former = changed.versions.earliest("valid_from").code7
    assert former != changed.code7
    assert resolve(former) == changed


def test_former_name_leads_to_the_unit() -> None:
    assert "260417" in codes("Sitkowka")


def test_repeated_names_are_candidates_not_a_guess() -> None:
    found = resolve("Boleslawiec")
    assert isinstance(found, list)
    assert [unit.code for unit in found] == ["020101", "020102", "101801"]
    with override("pl"):
        assert len({full_name(unit) for unit in found}) == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bolesławiec wiejska", "020102"),
        ("czarnkow gmina wiejska", "300202"),
        ("dobra łobeski", "321801"),
        ("Warszawa", "146501"),
        ("Bolesławiec wieruszowski", "101801"),
        ("Nowe Miasto Lubawskie", "281201"),
    ],
)
def test_words_tell_namesakes_apart(text: str, code: str) -> None:
    found = resolve(text)
    assert isinstance(found, Unit), [full_name(unit) for unit in found]
    assert found.code == code


def test_powiat_finds_the_powiat_and_its_gminas() -> None:
    found = codes("powiat kolski")
    assert found[0] == "3009"
    assert codes("czarnkowsko-trzcianecki", level="gmina")[0].startswith("3002")


@pytest.mark.parametrize("text", ["", "   ", "%%", "xyzxyz", "999999", "1" * 300, "'; drop table --", "\x00"])
def test_nothing_found_is_an_empty_list(text: str) -> None:
    assert search(text) == []
    assert resolve(text) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    assert len(search(text)) <= 12


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2478), st.sampled_from(["pl", "en"]))
def test_the_full_name_of_any_gmina_finds_it(n: int, language: str) -> None:
    unit = gminas()[n]
    with override(language):
        found = resolve(full_name(unit))
    assert found == unit


def test_full_names_are_unique() -> None:
    with override("pl"):
        names = [full_name(unit) for unit in gminas()]
    assert len(set(names)) == len(names)


def test_names_in_both_languages() -> None:
    unit = get_unit("300202")
    assert unit is not None
    with override("pl"):
        assert (
            full_name(unit)
            == "Czarnków (gmina wiejska), powiat czarnkowsko-trzcianecki, województwo wielkopolskie"
        )
    with override("en"):
        assert short_name(unit) == "Czarnków (rural gmina)"
