"""The API: known figures, honest gaps, pages, ETags, no personal data, the schema file, and no 5xx for any input."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings

from krzew.accounts.actors import Actor
from krzew.wsgi import application

V1 = "/api/v1"
pytestmark = pytest.mark.usefixtures("library_loaded")


def get(client: Client, path: str, status: int = 200) -> Any:
    answer = client.get(V1 + path)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_place_with_its_history(visitor: Client) -> None:
    place = get(visitor, "/places/120713")
    assert place["name"] == "Szczawa"
    assert place["valid_from"] == "2025-01-01"
    assert place["changes"]


def test_search_without_diacritics(visitor: Client) -> None:
    found = get(visitor, "/places?q=czarnkow&level=gmina")
    assert {"300201", "300202"} <= {row["code"] for row in found["items"]}


def test_missing_is_missing_and_says_so(visitor: Client) -> None:
    rows = get(visitor, "/places/022101/values?indicator=own_revenue&year=2019")["items"]
    assert [(row["value"], row["flag"]) for row in rows] == [(None, "missing")]


def test_every_unemployed_person_of_2024_is_there(visitor: Client) -> None:
    total, page, pages = 0, 1, 1
    while page <= pages:
        answer = get(visitor, f"/indicators/unemployed/values?year=2024&page_size=500&page={page}")
        total += sum(
            row["value"] for row in answer["items"] if len(row["place"]) == 6 and row["value"] is not None
        )
        page, pages = page + 1, answer["pages"]
    assert total == 786_179


def test_comparison_group(visitor: Client) -> None:
    group = get(visitor, "/places/300202/comparison-group")
    assert len(group["neighbours"]) == 30
    assert group["data_version"]


def test_solution_and_its_filters(visitor: Client) -> None:
    card = get(visitor, "/solutions/spoldzielnia-przy-wtz")["card"]
    assert card["kind"] == "cooperative_model"
    slugs = [row["slug"] for row in get(visitor, "/solutions?need=disability_work")["items"]]
    assert "spoldzielnia-przy-wtz" in slugs


@pytest.mark.parametrize(
    "path", ["/places/999999", "/solutions/nie-ma", "/indicators/nie_ma", "/diagnoses/99999"]
)
def test_unknown_is_404_with_words(visitor: Client, path: str) -> None:
    assert len(get(visitor, path, 404)["detail"]) > 10


@pytest.mark.parametrize("path", ["/places/3002", "/places/30"])
def test_no_diagnosis_of_a_powiat(visitor: Client, path: str) -> None:
    get(visitor, path)
    assert "gmina" in get(visitor, f"{path}/diagnosis", 404)["detail"]


def test_unchanged_answers_cost_nothing(visitor: Client) -> None:
    first = visitor.get(f"{V1}/indicators")
    again = visitor.get(f"{V1}/indicators", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_computed_diagnosis_has_the_promised_keys(visitor: Client) -> None:
    found = get(visitor, "/places/300202/diagnosis")
    assert {"place", "data", "comparison_group", "problems", "solutions"} <= set(found)
    assert {"need", "severity", "interval", "evidence"} <= set(found["problems"][0])
    assert {"slug", "eligible", "score", "acceptability", "reasons", "questions"} <= set(
        found["solutions"][0]
    )


def test_an_open_diagnosis_is_not_public(visitor: Client, adviser: Actor) -> None:
    from krzew.diagnosis.acts.diagnoses import start
    from krzew.places.models import Unit

    diagnosis = start(adviser, Unit.objects.get(code="300202"))
    get(visitor, f"/diagnoses/{diagnosis.pk}", 404)
    assert diagnosis.pk not in [row["id"] for row in get(visitor, "/diagnoses")["items"]]


def test_the_number_of_queries_does_not_grow(
    visitor: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for size in (5, 300):
        with django_assert_max_num_queries(6):
            get(visitor, f"/places?page_size={size}")
        with django_assert_max_num_queries(6):
            get(visitor, f"/indicators/unemployed/values?page_size={size}")


def test_the_schema_file_is_current() -> None:
    call_command("write_schema", "--check")


def test_the_page_for_people(visitor: Client) -> None:
    page = visitor.get("/api/")
    assert page.status_code == 200
    assert "openapi.json" in page.content.decode()
    assert visitor.get("/api/openapi.json", follow=True).json()["info"]["title"] == "Krzew"


SCHEMA = schemathesis.openapi.from_wsgi(f"{V1}/openapi.json", application)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.fixture
def connection_kept() -> Iterator[None]:
    """The end of a request may close the connection, which here is the test's own: so does Django's client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("connection_kept")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_no_input_breaks_it(operation: Any) -> None:
    """Whatever a program sends, the answer is not a 5xx and is what the schema promises."""

    @given(case=operation.as_strategy())
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def never_breaks(case: schemathesis.Case) -> None:
        answer = case.call()
        assert answer.status_code < 500
        if answer.status_code in (200, 404):
            operation.validate_response(answer)

    never_breaks()


@pytest.mark.parametrize(
    "path",
    ["/places?q=%00", "/places?parent=%00", "/places/%00", "/solutions?q=%00", "/solutions/%00",
     "/indicators/%00/values", "/places/300202/values?indicator=%00"],
)  # fmt: skip
def test_a_null_character_is_no_error_of_the_server(visitor: Client, path: str) -> None:
    """PostgreSQL cannot hold it in a text."""
    assert visitor.get(V1 + path).status_code < 500


def test_schema_is_valid_json() -> None:
    from krzew.api.management.commands.write_schema import schema_text

    assert json.loads(schema_text())["openapi"].startswith("3.1")
