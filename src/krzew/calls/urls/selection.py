"""Addresses of the ranking."""

from django.urls import path

from krzew.calls.views import selection

urlpatterns = [
    path("calls/<slug:slug>/ranking/", selection.ranking, name="ranking"),
    path("calls/<slug:slug>/ranking/make/", selection.make, name="ranking_make"),
    path("calls/<slug:slug>/ranking/promise/", selection.promise, name="ranking_promise"),
    path("calls/<slug:slug>/ranking/<int:pk>/adopt/", selection.adopt, name="ranking_adopt"),
]
