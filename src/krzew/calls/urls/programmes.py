"""Addresses of programmes and calls."""

from django.urls import path

from krzew.calls.views import (
    calls_pages,
    programmes,
    programmes_calls,
    programmes_edit,
    programmes_file,
    programmes_trial,
)

urlpatterns = [
    path("programmes/", programmes.listing, name="programmes"),
    path("programmes/new/", programmes.new, name="programme_new"),
    path("programmes/<int:pk>/", programmes.detail, name="programme"),
    path("programmes/<int:pk>/settle/", programmes.settle, name="programme_settle"),
    path("programmes/<int:pk>/archive/", programmes.archive, name="programme_archive"),
    path("programmes/<int:pk>/download/", programmes.download, name="programme_download"),
    path("programmes/<int:pk>/history/", programmes.history, name="programme_history"),
    path("programmes/<int:pk>/edit/", programmes_edit.edit, name="programme_edit"),
    path("programmes/<int:pk>/edit/<path:path>/", programmes_edit.part, name="programme_part"),
    path("programmes/<int:pk>/add/<path:path>/", programmes_edit.add, name="programme_add"),
    path("programmes/<int:pk>/move/<path:path>/", programmes_edit.move, name="programme_move"),
    path("programmes/<int:pk>/remove/<path:path>/", programmes_edit.remove, name="programme_remove"),
    path("programmes/<int:pk>/preview/", programmes_trial.preview, name="programme_preview"),
    path("programmes/<int:pk>/trial/", programmes_trial.trial, name="programme_trial"),
    path("programmes/<int:pk>/file/", programmes_file.upload, name="programme_file"),
    path("programmes/<int:pk>/call/", programmes_calls.new, name="call_new"),
    path("calls/", calls_pages.listing, name="calls"),
    path("calls/calendar.ics", calls_pages.all_calendar, name="calendar"),
    path("calls/<slug:slug>/", calls_pages.detail, name="call"),
    path("calls/<slug:slug>/calendar.ics", calls_pages.call_calendar, name="call_calendar"),
    path("calls/<slug:slug>/rules.toml", calls_pages.rules_file, name="call_rules"),
    path("calls/<slug:slug>/team/", programmes_calls.team, name="call_team"),
    path("calls/<slug:slug>/change/", programmes_calls.change, name="call_change"),
    path("calls/<slug:slug>/announce/", programmes_calls.publish, name="call_publish"),
    path("calls/<slug:slug>/amend/", programmes_calls.amend, name="call_amend"),
    path("calls/<slug:slug>/cancel/", programmes_calls.cancel, name="call_cancel"),
]
