"""Address of the open data of grants."""

from django.urls import path

from krzew.trials.views import grants

urlpatterns = [path("grants.json", grants.export, name="grants")]
