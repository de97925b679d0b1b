"""Addresses of this room, one module per thing."""

from __future__ import annotations

from krzew.trials.urls import (
    agreements,
    dissemination,
    evaluation,
    grants,
    innovations,
    journeys,
    settlement,
    specification,
    test,
)

app_name = "trials"

urlpatterns = [
    *agreements.urlpatterns,
    *dissemination.urlpatterns,
    *evaluation.urlpatterns,
    *grants.urlpatterns,
    *innovations.urlpatterns,
    *journeys.urlpatterns,
    *settlement.urlpatterns,
    *specification.urlpatterns,
    *test.urlpatterns,
]
