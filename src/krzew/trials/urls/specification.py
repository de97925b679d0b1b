"""Addresses of the specification: by the innovator's link, and for the team and the mentor."""

from django.urls import path

from krzew.trials.views import specification as own
from krzew.trials.views import specification_team as team

OWN = "innovation/<str:token>/specification"
TEAM = "innovations/<int:pk>/specification"

urlpatterns = [
    path(f"{OWN}/changes/", own.changes, name="specification_changes"),
    path(f"{OWN}/version/<int:number>/", own.version, name="specification_version"),
    path(f"{OWN}/version/<int:number>.pdf", own.copy, name="specification_copy"),
    path(f"{OWN}/remark/<int:pk>/done/", own.remark_done, name="specification_remark_done"),
    path(f"{OWN}/gate/<str:code>/", own.page, name="specification"),
    path(f"{OWN}/gate/<str:code>/begin/", own.begin, name="specification_begin"),
    path(f"{OWN}/gate/<str:code>/check/", own.check, name="specification_check"),
    path(f"{TEAM}/changes/", team.changes, name="team_specification_changes"),
    path(f"{TEAM}/version/<int:number>/", team.version, name="team_specification_version"),
    path(f"{TEAM}/version/<int:number>.pdf", team.copy, name="team_specification_copy"),
    path(f"{TEAM}/version/<int:number>/decide/", team.decide, name="team_specification_decide"),
    path(f"{TEAM}/gate/<str:code>/", team.page, name="team_specification"),
]
