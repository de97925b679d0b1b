from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "krzew.door"
    label = "door"
