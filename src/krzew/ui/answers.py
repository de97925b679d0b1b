"""Addresses to which forms are sent, opened as if they were pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve


class AnswerOnlyMiddleware:
    """A form sent back with its mistakes stands under an address that cannot be opened. Whoever opens it (by
    the language switch, a bookmark, the way back) is led to the nearest page above."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = "text/html" in request.headers.get("Accept", "")
        if is_page and request.method == "GET" and response.status_code == 405:
            return redirect(above(request.path))
        return response


def above(path: str) -> str:
    """The nearest address that holds this one and that somebody answers."""
    parts = path.strip("/").split("/")
    while len(parts) > 1:
        parts.pop()
        address = f"/{'/'.join(parts)}/"
        if _is_there(address):
            return address
    return "/"


def _is_there(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
