"""The page for an upload that is far too large: what happened, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

HEADER = "KRZEW_TOO_LARGE"
"""Set by the server, which has thrown the body away: its length in bytes."""

MEGABYTE = 1024 * 1024


class TooLargeMiddleware:
    """Answers such a request before anything looks into its body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = request.META.get(f"HTTP_{HEADER}", "")
        return _page(request, int(size)) if size.isdecimal() else self.get_response(request)


def _page(request: HttpRequest, size: int) -> HttpResponse:
    context = {"size": -(-size // MEGABYTE), "back": _back(request)}
    return render(request, "ui/too_large.html", context, status=413)


def _back(request: HttpRequest) -> str:
    """The page from which it was sent, when it is one of ours."""
    address = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    return str(urlsplit(address).path)
