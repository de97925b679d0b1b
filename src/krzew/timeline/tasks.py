"""Work of this room that a worker does."""

from django_tasks import task

from krzew.accounts.actors import Actor
from krzew.timeline.acts import send_released


@task()
def send_letters() -> int:
    """Send what has been released."""
    return send_released(Actor.system())
