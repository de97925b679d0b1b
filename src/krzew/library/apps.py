from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "krzew.library"
    label = "library"
