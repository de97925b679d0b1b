from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "krzew.places"
    label = "places"
