"""Addresses of decisions: the list, letters, the release, results, what comes after."""

from django.urls import path

from krzew.calls.views import decision_told, decisions, decisions_after

urlpatterns = [
    path("calls/<slug:slug>/decision/", decisions.listing, name="decisions"),
    path("calls/<slug:slug>/decision/as-proposed/", decisions.as_proposed, name="decisions_as_proposed"),
    path("calls/<slug:slug>/decision/letters/", decisions.letters, name="decisions_letters"),
    path("calls/<slug:slug>/decision/release/", decisions.release, name="decisions_release"),
    path("calls/<slug:slug>/decision/protocol.pdf", decisions.protocol, name="decisions_protocol"),
    path("calls/<slug:slug>/decision/<int:number>/", decisions.one, name="decision"),
    path("calls/<slug:slug>/results/", decisions.results, name="results"),
    path("calls/<slug:slug>/after/", decisions_after.after, name="after"),
    path("calls/<slug:slug>/after/pass-on/", decisions_after.pass_on, name="pass_on"),
    path("calls/<slug:slug>/after/<int:number>/lapse/", decisions_after.lapse, name="offer_lapse"),
    path("calls/<slug:slug>/after/<int:number>/", decisions_after.again, name="decide_again"),
    path("calls/<slug:slug>/appeals/", decisions_after.appeals, name="appeals"),
    path("appeals/<int:pk>/", decisions_after.appeal, name="appeal"),
    path("appeals/<int:pk>/give/", decisions_after.give, name="appeal_give"),
    path("result/<str:token>/", decision_told.told, name="result"),
    path("result/<str:token>/appeal/", decision_told.appeal, name="appeal_file"),
    path("result/<str:token>/answer/", decision_told.answer_offer, name="offer_answer"),
]
