"""Addresses of this room, one module per thing."""

from krzew.calls.urls import (
    applications,
    assessment,
    council,
    decisions,
    finish,
    formal,
    ideas,
    jobs,
    links,
    programmes,
    selection,
    vote,
)

app_name = "calls"

urlpatterns = [
    *applications.urlpatterns,
    *assessment.urlpatterns,
    *council.urlpatterns,
    *decisions.urlpatterns,
    *finish.urlpatterns,
    *formal.urlpatterns,
    *ideas.urlpatterns,
    *jobs.urlpatterns,
    *links.urlpatterns,
    *programmes.urlpatterns,
    *selection.urlpatterns,
    *vote.urlpatterns,
]
