"""Addresses of this room, one module per thing."""

from __future__ import annotations

from krzew.door.urls import board, cases, needs, spots, thesaurus

app_name = "door"

urlpatterns = [
    *board.urlpatterns,
    *cases.urlpatterns,
    *needs.urlpatterns,
    *spots.urlpatterns,
    *thesaurus.urlpatterns,
]
