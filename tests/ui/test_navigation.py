"""Which item of the main navigation is marked."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from krzew.home import shell


def marked(path: str) -> list[str]:
    with override("pl"):
        return [link.url for link in shell(RequestFactory().get(path))["nav"] if link.current]


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("/pl/journeys/", "/pl/journeys/"),
        ("/pl/innovations/2/test/", "/pl/journeys/"),
        ("/pl/innovation/own-1/", "/pl/journeys/"),
        ("/pl/money/call/", "/pl/journeys/"),
        ("/pl/calls/call/team/", "/pl/calls/"),
        ("/pl/programmes/", "/pl/calls/"),
        ("/pl/assessments/3/", "/pl/calls/"),
        ("/pl/places/", "/pl/places/"),
    ],
)
def test_every_page_of_the_incubator_marks_its_item(path: str, item: str) -> None:
    assert marked(path) == [item]


def test_the_front_page_marks_none() -> None:
    assert marked("/pl/") == []
