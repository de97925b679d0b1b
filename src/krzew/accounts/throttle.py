"""A limit on what somebody without an account may start, per address and hour. Counts live in the cache."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

HOUR = 3600


def too_many(request: HttpRequest, what: str, limit: int, seconds: int = HOUR) -> bool:
    """Count this attempt; True once the address has made more than `limit` in the time."""
    return too_often(f"{what}:{request.META.get('REMOTE_ADDR', '')}", limit, seconds)


def too_often(what: str, limit: int, seconds: int = HOUR) -> bool:
    """Count one more of `what`; True once there were more than `limit` in the time."""
    key = f"throttle:{what}"
    cache.add(key, 0, seconds)
    try:
        return bool(cache.incr(key) > limit)
    except ValueError:  # the hour ended between the two lines
        return False
