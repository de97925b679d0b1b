from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "krzew.demo"
    label = "demo"
