"""The end of a call."""

from django.urls import path

from krzew.calls.views import finish

urlpatterns = [path("calls/<slug:slug>/finish/", finish.finish, name="call_finish")]
