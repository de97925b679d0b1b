"""The way back for somebody who lost the link."""

from django.urls import path

from krzew.calls.views import links

urlpatterns = [
    path("lost-link/", links.lost, name="lost_link"),
    path("lost-link/<str:signed>/", links.new, name="new_link"),
]
