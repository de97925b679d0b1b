"""Addresses of the time-line: the record of what was done, and letters."""

from django.urls import path

from krzew.timeline import views

app_name = "timeline"

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("letters/", views.letters, name="letters"),
    path("letters/release/", views.release, name="release"),
    path("letters/choice/", views.own_choice, name="own_choice"),
    path("letters/choice/<str:signed>/", views.choice, name="choice"),
    path("letters/<int:pk>/", views.letter, name="letter"),
    path("letters/<int:pk>/<str:step>/", views.decide, name="decide"),
]
