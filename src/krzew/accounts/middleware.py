"""Refuses broken addresses; puts the acting person on the request; asks staff for a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation

ORGANISATION_KEY = "acting_organisation"
Respond = Callable[[HttpRequest], HttpResponse]

# Pages that somebody without a second factor needs in order to set one up, to act for another organisation,
# to read in another language, or to go away.
OPEN_PAGES = frozenset({"set_language", "health", "ui:theme", "accounts:second_factor", "accounts:switch"})
SIGN_IN_PAGES = ("account_", "mfa_", "usersessions_")


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return Actor.anonymous()
    chosen = request.session.get(ORGANISATION_KEY)
    organisation = Organisation(pk=chosen) if chosen else None
    return Actor.of(request.user, organisation)


class AddressMiddleware:
    """Null characters, which nobody types and PostgreSQL cannot look up: a path with one is refused, a search
    goes on without them."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise BadRequest("null character in the address")
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)


class ActorMiddleware:
    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class SecondFactorMiddleware:
    """Staff roles set up a second factor before they work. The personas of the demonstration need none."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not self._must_set_up(request):
            return None
        address = reverse("accounts:second_factor")
        if request.method == "GET":
            address += "?" + urlencode({"next": request.get_full_path()})
        return redirect(address)

    def _must_set_up(self, request: HttpRequest) -> bool:
        if settings.KRZEW_DEMO or not request.user.is_authenticated or _is_open(request):
            return False
        return request.actor.is_staff and not is_mfa_enabled(request.user)  # type: ignore[attr-defined]


def _is_open(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in OPEN_PAGES or name.startswith(SIGN_IN_PAGES)
