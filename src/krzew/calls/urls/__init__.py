"""Addresses of this room, one module per thing."""

from krzew.calls.urls import assessment, formal, ideas

app_name = "calls"

urlpatterns = [*assessment.urlpatterns, *formal.urlpatterns, *ideas.urlpatterns]
