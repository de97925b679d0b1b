"""Addresses of the public vote."""

from django.urls import path

from krzew.calls.views import vote

urlpatterns = [
    path("calls/<slug:slug>/vote/", vote.page, name="vote"),
    path("calls/<slug:slug>/vote/team/", vote.team, name="vote_team"),
    path("calls/<slug:slug>/vote/team/longer/", vote.prolong, name="vote_prolong"),
    path("calls/<slug:slug>/vote/team/off/", vote.call_off, name="vote_call_off"),
    path("calls/<slug:slug>/vote/team/count/", vote.count, name="vote_count"),
    path("calls/<slug:slug>/vote/team/on/", vote.go_on, name="vote_go_on"),
]
