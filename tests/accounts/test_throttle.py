"""Three hundred people behind one address are not one person; one browser and one program are."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.test import RequestFactory

from krzew.accounts.throttle import CROWD, too_many

pytestmark = pytest.mark.django_db


def asked(browser: str = "", address: str = "192.0.2.7", session: str = "") -> HttpRequest:
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    if browser:
        request.META["CSRF_COOKIE"] = browser
    if session:
        request.session = SessionBase(session)
    return request


def test_three_hundred_behind_one_address_all_get_in() -> None:
    answers = [too_many(asked(f"browser-{n}"), "hall", 4) for n in range(300)]
    assert not any(answers)


def test_one_browser_is_stopped_while_its_neighbour_goes_on() -> None:
    assert [too_many(asked("mine"), "one", 3) for _n in range(4)] == [False, False, False, True]
    assert not too_many(asked("hers"), "one", 3)
    assert too_many(asked("mine", address="192.0.2.8"), "one", 3)


def test_a_session_counts_before_the_cookie_of_forms() -> None:
    for n in range(2):
        assert not too_many(asked(f"changing-{n}", session="abcdefgh1"), "signed", 2)
    assert too_many(asked("another", session="abcdefgh1"), "signed", 2)


def test_a_program_without_cookies_or_with_new_ones_meets_the_limit_of_its_address() -> None:
    assert [too_many(asked(), "bare", 2) for _n in range(3)] == [False, False, True]
    answers = [too_many(asked(f"new-{n}"), "new", 1) for n in range(CROWD + 1)]
    assert answers.count(True) == 1
