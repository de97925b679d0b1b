"""Addresses of an innovation as a whole."""

from django.urls import path

from krzew.trials.views import innovations

urlpatterns = [
    path("innovation/<str:token>/", innovations.home, name="innovation"),
    path("innovation/<str:token>/give-up/", innovations.resign, name="resign"),
    path("innovations/", innovations.listing, name="innovations"),
    path("innovations/begin/<slug:slug>/", innovations.begin, name="begin"),
    path("innovations/<int:pk>/", innovations.detail, name="team_innovation"),
    path("innovations/<int:pk>/mentor/", innovations.mentor, name="mentor"),
    path("innovations/<int:pk>/describe/", innovations.describe, name="describe"),
    path("innovations/<int:pk>/evidence.zip", innovations.evidence, name="evidence"),
    path("innovations/<int:pk>/end/", innovations.terminate, name="terminate"),
]
