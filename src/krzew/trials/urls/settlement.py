"""Addresses of settlement and money."""

from django.urls import path

from krzew.trials.views import money, settlement
from krzew.trials.views import settlement_team as team

OWN = "innovation/<str:token>/settlement/"
TEAM = "innovations/<int:pk>/settlement/"

urlpatterns = [
    path(OWN, settlement.own, name="settlement"),
    path(f"{OWN}<slug:code>/", settlement.report, name="report"),
    path(f"{OWN}<slug:code>/send/", settlement.send, name="report_send"),
    path(f"{OWN}<slug:code>/protocol.pdf", settlement.protocol, name="protocol_pdf"),
    path(TEAM, team.overview, name="team_settlement"),
    path(f"{TEAM}pay/<int:tranche>/", team.pay, name="pay"),
    path(f"{TEAM}return/", team.ask_back, name="ask_back"),
    path(f"{TEAM}return/<int:refund>/", team.came_back, name="came_back"),
    path(f"{TEAM}result/<slug:code>/", team.report, name="team_report"),
    path(f"{TEAM}result/<slug:code>/accept/", team.accept, name="report_accept"),
    path(f"{TEAM}result/<slug:code>/back/", team.give_back, name="report_back"),
    path(f"{TEAM}result/<slug:code>/signature/", team.note, name="protocol_note"),
    path(f"{TEAM}result/<slug:code>/protocol.pdf", team.protocol, name="team_protocol_pdf"),
    path("money/<slug:slug>/", money.page, name="money"),
    path("money/<slug:slug>/money.csv", money.table, name="money_csv"),
]
