from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "krzew.api"
    label = "api"
