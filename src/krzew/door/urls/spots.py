"""Addresses of white spots and of the other way round."""

from django.urls import path

from krzew.door.views import spots

urlpatterns = [
    path("spots/", spots.spots, name="spots"),
    path("spots/topic/", spots.topic, name="topic"),
    path("reach/", spots.reaches, name="reaches"),
    path("reach/<slug:slug>/", spots.reach_of, name="reach_of"),
]
