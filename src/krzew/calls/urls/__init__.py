"""Addresses of this room, one module per thing."""

from krzew.calls.urls import assessment, ideas

app_name = "calls"

urlpatterns = [*assessment.urlpatterns, *ideas.urlpatterns]
