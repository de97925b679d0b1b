from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "krzew.calls"
    label = "calls"
