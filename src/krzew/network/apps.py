from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "krzew.network"
    label = "network"
