"""Addresses of applications: for applicants by the link, for members, and for the team of a call."""

from django.urls import path

from krzew.calls.views import (
    applications,
    applications_parts,
    applications_send,
    applications_team,
    paper,
)

urlpatterns = [
    path("calls/<slug:slug>/apply/", applications.apply, name="apply"),
    path("my-applications/", applications.own, name="own_applications"),
    path("application/<str:token>/", applications.home, name="application"),
    path("application/<str:token>/applicant/", applications.applicant, name="application_applicant"),
    path("application/<str:token>/members/", applications_parts.members, name="application_people"),
    path(
        "application/<str:token>/members/<int:pk>/invite/",
        applications_parts.invite,
        name="application_invite",
    ),
    path("application/<str:token>/form/<slug:code>/", applications.section, name="application_section"),
    path("application/<str:token>/files/", applications_parts.attachments, name="application_files"),
    path(
        "application/<str:token>/files/<slug:code>/add/", applications_parts.attach, name="application_attach"
    ),
    path("application/<str:token>/files/<int:pk>/", applications_parts.file, name="application_file"),
    path(
        "application/<str:token>/files/<int:pk>/remove/", applications_parts.detach, name="application_detach"
    ),
    path(
        "application/<str:token>/statements/",
        applications_parts.statements_page,
        name="application_statements",
    ),
    path("application/<str:token>/check/", applications_send.check, name="application_check"),
    path("application/<str:token>/send/", applications_send.send, name="application_send"),
    path("application/<str:token>/copy.pdf", applications_send.copy, name="application_copy"),
    path("application/<str:token>/link/", applications.link, name="application_link"),
    path("application/<str:token>/withdraw/", applications_send.withdraw, name="application_withdraw"),
    path("application/<str:token>/resign/", applications_send.resign, name="application_resign"),
    path("member/<str:token>/", applications_parts.member, name="member"),
    path("calls/<slug:slug>/applications/", applications_team.listing, name="team_applications"),
    path("calls/<slug:slug>/applications/new/", applications_team.key_in, name="key_in_application"),
    path("calls/<slug:slug>/applications/<int:pk>/", applications_team.detail, name="team_application"),
    path("calls/<slug:slug>/applications/<int:pk>/received/", paper.received, name="application_received"),
    path("calls/<slug:slug>/applications/<int:pk>/changes/", applications_team.changes, name="team_changes"),
    path("calls/<slug:slug>/applications/<int:pk>/copy.pdf", applications_team.copy, name="team_copy"),
    path(
        "calls/<slug:slug>/applications/<int:pk>/files/<int:file>/", applications_team.file, name="team_file"
    ),
]
