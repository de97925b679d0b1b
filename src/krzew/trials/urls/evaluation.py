"""Addresses of what the test taught."""

from django.urls import path

from krzew.trials.views import evaluation, reports

OWN = "innovation/<str:token>/report/"
TEAM = "innovations/<int:pk>/evaluation/"

urlpatterns = [
    path(OWN, reports.page, name="final_report"),
    path(f"{OWN}begin/", reports.begin, name="final_report_begin"),
    path(f"{OWN}check/", reports.check, name="final_report_check"),
    path(TEAM, evaluation.page, name="team_evaluation"),
    path(f"{TEAM}write/", evaluation.write, name="team_evaluation_write"),
    path(f"{TEAM}again/", evaluation.reopen, name="team_evaluation_reopen"),
    path(f"{TEAM}report-again/", evaluation.reopen_report, name="team_report_reopen"),
    path(f"{TEAM}opinion/", evaluation.opinion, name="team_opinion"),
    path(f"{TEAM}presentation/", evaluation.presentation, name="team_presentation"),
]
