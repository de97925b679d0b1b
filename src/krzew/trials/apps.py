from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "krzew.trials"
    label = "trials"

    def ready(self) -> None:
        from krzew.calls.rules import USED_UP
        from krzew.timeline.signals import recorded
        from krzew.trials.acts.innovations import follow_application, is_used_up

        recorded.connect(follow_application, dispatch_uid="trials.follow_application")
        USED_UP.append(is_used_up)
