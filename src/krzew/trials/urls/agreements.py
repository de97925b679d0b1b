"""Addresses of agreements."""

from django.urls import path

from krzew.trials.views import agreements as views

OWN = "innovation/<str:token>/agreement/<slug:code>/"
TEAM = "innovations/<int:pk>/agreement/<slug:code>/"

urlpatterns = [
    path(OWN, views.own, name="agreement"),
    path(f"{OWN}<int:number>.pdf", views.own_pdf, name="agreement_pdf"),
    path(TEAM, views.team, name="team_agreement"),
    path(f"{TEAM}begin/", views.begin, name="agreement_begin"),
    path(f"{TEAM}data/", views.data, name="agreement_data"),
    path(f"{TEAM}plan/", views.plan, name="agreement_plan"),
    path(f"{TEAM}dates/", views.dates, name="agreement_dates"),
    path(f"{TEAM}clause/<slug:clause>/", views.clause, name="agreement_clause"),
    path(f"{TEAM}offer/", views.offer, name="agreement_offer"),
    path(f"{TEAM}take-back/", views.take_back, name="agreement_take_back"),
    path(f"{TEAM}signature/", views.note, name="agreement_note"),
    path(f"{TEAM}annex/", views.why, {"what": "annex"}, name="agreement_annex"),
    path(f"{TEAM}drop/", views.why, {"what": "drop"}, name="agreement_drop"),
    path(f"{TEAM}<int:number>.pdf", views.team_pdf, name="team_agreement_pdf"),
]
