"""Addresses that only take forms, and the switch of the language for those who are not signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from krzew.ui.answers import above

BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}


@pytest.mark.django_db
def test_who_opens_the_address_of_a_form_is_led_to_the_page_above() -> None:
    answer = Client().get("/pl/idea/abc/save/", **BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/pl/idea/abc/")


@pytest.mark.django_db
def test_a_program_is_told_that_the_address_takes_forms_only() -> None:
    assert Client().get("/pl/idea/abc/save/").status_code == 405


def test_the_way_up_ends_at_a_page_that_is_there() -> None:
    assert above("/pl/demo/sign-in/") == "/pl/"
    assert above("/nowhere/at/all/") == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("browser", ["pl", "en"])
def test_the_language_is_switched_without_signing_in(browser: str) -> None:
    """Also by somebody whose browser asks for the other language than the page is in."""
    client = Client(HTTP_ACCEPT_LANGUAGE=browser)
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/pl/calls/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/calls/")
