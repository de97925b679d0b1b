"""Addresses of the whole house: each room brings its own, under a language prefix."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLResolver, include, path

from krzew import home

ROOMS = [
    "places",
    "library",
    "network",
    "calls",
    "trials",
    "door",
    "diagnosis",
    "timeline",
    "accounts",
    "demo",
]


def _has_urls(room: str) -> bool:
    folder = settings.PACKAGE / room
    return (folder / "urls.py").exists() or (folder / "urls").is_dir()


def _rooms() -> list[URLResolver]:
    return [path("", include(f"krzew.{room}.urls")) for room in ROOMS if _has_urls(room)]


urlpatterns = [
    path("", home.choose_language, name="root"),
    path("healthz", home.health, name="health"),
    *([path("", include("krzew.ui.urls"))] if _has_urls("ui") else []),
    path("i18n/setlang/", home.switch_language, name="set_language"),
    *([path("api/", include("krzew.api.urls"))] if _has_urls("api") else []),
    *i18n_patterns(
        path("", home.home, name="home"),
        path("account/", include("allauth.urls")),
        *_rooms(),
    ),
]
