"""Addresses of the council."""

from django.urls import path

from krzew.calls.views import council

urlpatterns = [
    path("calls/<slug:slug>/council/", council.listing, name="council"),
    path("calls/<slug:slug>/council/close/", council.close, name="council_close"),
    path("calls/<slug:slug>/council/<int:number>/", council.one, name="council_one"),
]
