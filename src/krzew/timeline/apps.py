from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "krzew.timeline"
    label = "timeline"

    def ready(self) -> None:
        from krzew.accounts import ledger
        from krzew.timeline import acts, phrases

        ledger.plug(acts)
        phrases.collect()
