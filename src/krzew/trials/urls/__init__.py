"""Addresses of this room, one module per thing."""

from __future__ import annotations

from krzew.trials.urls import grants, innovations

app_name = "trials"

urlpatterns = [
    *grants.urlpatterns,
    *innovations.urlpatterns,
]
