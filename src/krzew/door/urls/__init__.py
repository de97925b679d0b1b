"""Addresses of this room, one module per thing."""

from __future__ import annotations

from krzew.door.urls import cases

app_name = "door"

urlpatterns = [
    *cases.urlpatterns,
]
