"""The pages: what they say in both languages, how many queries they need, what they do with bad addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from krzew.places import queries
from krzew.places.groups import comparison_group
from krzew.places.models import Dataset, Unit, Value
from krzew.places.pages import change_line

pytestmark = pytest.mark.usefixtures("places_loaded")


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode().replace("\u00a0", " ")


def test_home_in_both_languages(client: Client) -> None:
    assert "Znajdź miejsce" in text(client, "/pl/places/")
    assert "Find a place" in text(client, "/en/places/")


def test_gmina_page_says_where_it_stands(client: Client) -> None:
    page = text(client, "/pl/places/300202/")
    for words in (
        "gmina wiejska, powiat czarnkowsko-trzcianecki, województwo wielkopolskie",
        "11 138 mieszkańców 31 grudnia 2024",
        "Zarejestrowani bezrobotni: 960 w roku 2003, 136 w roku 2024",
        "30 gmin tego samego typu osadniczego",
        "Czarnków (gmina miejska)",
        "ośrodek pomocy społecznej (OPS)",
        "powiatowy urząd pracy (PUP)",
    ):
        assert words in page
    assert "rural gmina" in text(client, "/en/places/300202/")


def test_each_language_has_no_word_of_the_other(client: Client) -> None:
    assert "mieszkańców" not in text(client, "/en/places/300202/")
    page = text(client, "/pl/places/300202/")
    assert "residents on" not in page
    assert "similar gminas" not in page


def test_missing_is_said_with_its_reason(client: Client) -> None:
    page = text(client, "/pl/places/022101/")
    assert "źródło podaje zero tam, gdzie być nie może" in page


def test_new_gmina(client: Client) -> None:
    page = text(client, "/pl/places/120713/")
    assert "Do 31 grudnia 2024 część gminy Kamienica" in page
    assert "/pl/places/120705/" in page
    assert "Nie ma jeszcze grupy porównawczej" in page
    assert "dzisiejszą gminę Szczawa" in text(client, "/pl/places/120705/")


def test_changed_kind_is_told(client: Client) -> None:
    unit = Unit.objects.filter(changes__change="kind_changed").order_by("code").first()
    assert unit is not None
    line = change_line(queries.changes_of(unit)[0])
    assert line
    assert "zmienił się rodzaj" in text(client, f"/pl/places/{unit.code}/")


@pytest.mark.parametrize("code", ["3002", "30", "1465", "146501", "200216", "321801"])
def test_every_level_has_a_page(client: Client, code: str) -> None:
    text(client, f"/pl/places/{code}/")


@pytest.mark.parametrize(
    "path",
    [
        *("figures/", "figures/unemployment_share/", "figures/blue_cards/", "figures/powiat_wage/"),
        *("figures/ngos_active/", "figures/commuting_out/"),
        *("30/figures/unemployment_share/", "3002/figures/density/"),
    ],
)
def test_pages_of_figures(client: Client, path: str) -> None:
    for language in ("pl", "en"):
        text(client, f"/{language}/places/{path}")


def test_figure_page_names_no_gmina(client: Client) -> None:
    """The spread is shown, a ranking of places is not."""
    assert "Czarnków" not in text(client, "/pl/places/figures/own_revenue/")


# --- search -----------------------------------------------------------------------------------------------


def test_suggestions_as_json_and_as_a_fragment(client: Client) -> None:
    found = client.get("/pl/places/search/?q=czarnk", headers={"accept": "application/json"}).json()[
        "results"
    ]
    assert found[0] == {
        "value": "300201",
        "label": "Czarnków",
        "note": "gmina miejska, powiat czarnkowsko-trzcianecki, województwo wielkopolskie",
        "url": "/pl/places/300201/",
    }
    assert 'data-value="300202"' in text(client, "/pl/places/search/?q=czarnk")
    only = client.get("/pl/places/search/?q=kolski&level=powiat&format=json").json()["results"]
    assert {len(row["value"]) for row in only} == {4}


def test_search_without_javascript(client: Client) -> None:
    assert client.get("/pl/places/?q=300202").headers["Location"] == "/pl/places/300202/"
    assert "Dobra (gmina wiejska)" in text(client, "/pl/places/?q=Dobra")
    assert "Żadne miejsce nie pasuje" in text(client, "/pl/places/?q=zzzz")


def test_markup_in_a_search_is_only_text(client: Client) -> None:
    page = text(client, "/pl/places/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


# --- bad addresses ----------------------------------------------------------------------------------------


def test_old_code_moves_on_for_good(client: Client) -> None:
    response = client.get("/pl/places/3002022/")
    assert (response.status_code, response.headers["Location"]) == (301, "/pl/places/300202/")


def test_part_of_a_gmina_leads_to_the_gmina(client: Client) -> None:
    assert "Trzcianka" in text(client, "/pl/places/3002074/", 404)


@pytest.mark.parametrize("code", ["999999", "abc", "1" * 200, "%3Cb%3E", "Czarnkow", "30020"])
def test_unknown_code_is_a_helpful_404(client: Client, code: str) -> None:
    page = text(client, f"/pl/places/{code}/", 404)
    assert "Nie ma takiego miejsca" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    "path", ["figures/nothing/", "300202/figures/density/", "30/figures/blue_cards/", "99/figures/density/"]
)
def test_unknown_figures(client: Client, path: str) -> None:
    assert client.get(f"/pl/places/{path}").status_code == 404


def test_nothing_is_changed_by_post(client: Client) -> None:
    assert client.post("/pl/places/300202/").status_code in (403, 405)


# --- constant cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "?q=a", "search/?q=a", "300202/", "146501/", "1404/", "14/", "1465/"])
def test_few_queries_whatever_the_size(client: Client, django_assert_max_num_queries: Any, path: str) -> None:
    client.get(f"/pl/places/{path}")  # arrays and shapes are read once per process
    with django_assert_max_num_queries(24):
        client.get(f"/pl/places/{path}")


def test_more_figures_do_not_mean_more_queries(client: Client) -> None:
    def add(n: int) -> None:
        for i in range(n):
            dataset = Dataset.objects.create(
                code=f"d{n}-{i}", kind="local", name="d", source="d", sha256=str(i)
            )
            Value.objects.create(
                unit_id="300202", indicator_id="blue_cards", dataset=dataset, year=2024, value=i
            )

    def cost() -> int:
        client.get("/pl/places/300202/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/pl/places/300202/")
        return len(captured)

    add(1)
    few = cost()
    add(20)
    assert cost() == few


# --- queries ----------------------------------------------------------------------------------------------


def test_missing_figures_shrink_when_one_comes_in() -> None:
    unit = queries.get_unit("300202")
    assert unit is not None

    def of_ops() -> set[str]:
        return {
            s.code
            for part in queries.missing_figures(unit)
            if part.holder.code == "ops"
            for s in part.indicators
        }

    assert "blue_cards" in of_ops()
    dataset = Dataset.objects.create(code="ops", kind="local", name="OPS", source="OPS", sha256="1")
    Value.objects.create(unit_id="300202", indicator_id="blue_cards", dataset=dataset, year=2024, value=3.0)
    assert "blue_cards" not in of_ops()


def test_standing_compares_with_the_group_not_with_the_country() -> None:
    themes = queries.standing("300202", comparison_group("300202").codes)
    jobs = next(t for t in themes if t.theme.code == "jobs")
    share = next(s for s in jobs.standings if s.spec.code == "unemployment_share")
    assert share.spread is not None
    assert share.country is not None
    assert share.spread.low <= share.spread.q1 <= share.spread.median <= share.spread.q3 <= share.spread.high
    assert share.spread.median != share.country


def test_a_group_of_one_gives_no_spread() -> None:
    themes = queries.standing("300202", ["300201"])
    assert all(s.spread is None for t in themes for s in t.standings)
