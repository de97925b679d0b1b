"""Addresses of this room, one module per thing."""

from krzew.calls.urls import applications, assessment, decisions, formal, ideas, programmes, selection

app_name = "calls"

urlpatterns = [
    *applications.urlpatterns,
    *assessment.urlpatterns,
    *decisions.urlpatterns,
    *formal.urlpatterns,
    *ideas.urlpatterns,
    *programmes.urlpatterns,
    *selection.urlpatterns,
]
