from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "krzew.door"
    label = "door"

    def ready(self) -> None:
        from krzew.door.acts.follow import follow
        from krzew.timeline.signals import recorded

        recorded.connect(follow, dispatch_uid="door.follow")
