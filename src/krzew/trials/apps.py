from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "krzew.trials"
    label = "trials"

    def ready(self) -> None:
        from krzew.calls.signals import resigned
        from krzew.trials.acts.innovations import follow_resignation

        resigned.connect(follow_resignation, dispatch_uid="trials.resigned")
