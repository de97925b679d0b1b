"""`/api/` is a page for people, `/api/openapi.json` the schema of today's version, `/api/v1/…` the answers."""

from collections.abc import Callable
from typing import Any, cast

from django.urls import path

from krzew.accounts.access import public
from krzew.api import views
from krzew.api.routes import api

_addresses, _app, _namespace = api.urls
for address in _addresses:
    address.callback = public(cast(Callable[..., Any], address.callback))

urlpatterns = [
    path("", views.about, name="about"),
    path("openapi.json", views.schema, name="schema"),
    path("v1/", (_addresses, _app, _namespace)),
]
