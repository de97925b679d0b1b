"""A limit on what somebody without an account may start in an hour. Counts live in the cache, as fingerprints.

A browser is counted first, by its session or the cookie that guards its forms. A network address comes second and
far higher: an office, a library or a whole hall shares one. A program that throws its cookies away meets that limit.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600
CROWD = 100
"""Browsers behind one address that may each do as much as one."""


def too_many(request: HttpRequest, what: str, limit: int, seconds: int = HOUR) -> bool:
    """Count this attempt; True once this browser made more than `limit` in the time, or its address a crowd's."""
    address = request.META.get("REMOTE_ADDR", "")
    browser = _browser(request)
    if browser and too_often(f"{what}:browser:{_print(browser)}", limit, seconds):
        return True
    return too_often(f"{what}:address:{_print(address)}", limit * CROWD if browser else limit, seconds)


def _browser(request: HttpRequest) -> str:
    """What tells this browser from its neighbour; a client without any cookie is known by its address alone."""
    session = getattr(request, "session", None)
    return (session and session.session_key) or request.META.get("CSRF_COOKIE") or ""


def _print(text: str) -> str:
    """Neither an address nor a cookie is kept as it is."""
    return salted_hmac("krzew.throttle", text).hexdigest()[:24]


def too_often(what: str, limit: int, seconds: int = HOUR) -> bool:
    """Count one more of `what`; True once there were more than `limit` in the time."""
    key = f"throttle:{what}"
    cache.add(key, 0, seconds)
    try:
        return bool(cache.incr(key) > limit)
    except ValueError:  # the hour ended between the two lines
        return False
