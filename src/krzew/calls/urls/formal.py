"""Addresses of the formal check."""

from django.urls import path

from krzew.calls.views import formal

urlpatterns = [
    path("calls/<slug:slug>/formal/", formal.listing, name="formal"),
    path("calls/<slug:slug>/formal/late/", formal.late, name="formal_late"),
    path("calls/<slug:slug>/formal/announce/", formal.announce, name="formal_announce"),
    path("calls/<slug:slug>/formal/<int:number>/", formal.one, name="formal_one"),
    path("calls/<slug:slug>/formal/<int:number>/undo/", formal.undo, name="formal_undo"),
]
