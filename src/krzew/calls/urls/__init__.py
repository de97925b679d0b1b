"""Addresses of this room, one module per thing."""

from krzew.calls.urls import applications, assessment, formal, ideas

app_name = "calls"

urlpatterns = [*applications.urlpatterns, *assessment.urlpatterns, *formal.urlpatterns, *ideas.urlpatterns]
