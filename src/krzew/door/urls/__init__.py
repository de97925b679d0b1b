"""Addresses of this room, one module per thing."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "door"

urlpatterns: list[URLPattern] = []
