"""Addresses of the front door. What people write is sent in the body of a form and stands in none of them."""

from django.urls import path

from krzew.door.views import needs

urlpatterns = [
    path("need/", needs.say, name="say"),
    path("need/keep/", needs.keep, name="need_keep"),
    path("need/kept/", needs.counted, name="need_counted"),
    path("need/kept/<str:token>/", needs.kept, name="need_kept"),
]
