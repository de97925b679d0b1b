from django.apps import AppConfig


class DiagnosisConfig(AppConfig):
    name = "krzew.diagnosis"
    label = "diagnosis"
