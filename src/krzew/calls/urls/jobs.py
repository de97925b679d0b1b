"""Addresses of longer work."""

from django.urls import path

from krzew.calls.views import jobs

urlpatterns = [path("calls/<slug:slug>/jobs/<int:pk>/", jobs.progress, name="job")]
