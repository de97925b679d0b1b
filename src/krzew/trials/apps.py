from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "krzew.trials"
    label = "trials"

    def ready(self) -> None:
        from krzew.timeline.signals import recorded
        from krzew.trials.acts.innovations import follow_application

        recorded.connect(follow_application, dispatch_uid="trials.follow_application")
