"""Addresses of meetings and voices."""

from django.urls import path

from krzew.network import views

app_name = "network"

urlpatterns = [
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/place/<str:code>/", views.place, name="place"),
    path("meetings/place/<str:code>/new/", views.enter, name="enter"),
    path("meetings/place/<str:code>/sheet/", views.printable, name="printable"),
    path("meetings/place/<str:code>/merge/", views.merge, name="merge"),
    path("meetings/theme/<int:pk>/split/", views.split, name="split"),
    path("meetings/voice/<int:pk>/need/", views.need, name="need"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", views.correct, name="correct"),
    path("meetings/<int:pk>/remove/", views.remove, name="remove"),
]
