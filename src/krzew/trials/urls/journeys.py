"""Addresses of the public way of innovations."""

from django.urls import path

from krzew.trials.views import journeys

urlpatterns = [
    path("journeys/", journeys.listing, name="journeys"),
    path("journeys/<slug:slug>/", journeys.detail, name="journey"),
    path("journeys/<slug:slug>/materials.zip", journeys.materials, name="materials"),
]
