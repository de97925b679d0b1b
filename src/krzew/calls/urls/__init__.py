"""Addresses of this room, one module per thing."""

from krzew.calls.urls import ideas

app_name = "calls"

urlpatterns = [*ideas.urlpatterns]
