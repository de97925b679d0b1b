from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "krzew.trials"
    label = "trials"
