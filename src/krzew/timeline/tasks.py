"""Work of this room that a worker does."""

from django_tasks import task

from krzew.accounts.actors import Actor
from krzew.timeline.acts import send_released
from krzew.timeline.jobs import run


@task()
def send_letters() -> int:
    """Send what has been released."""
    return send_released(Actor.system())


@task()
def run_job(pk: int) -> None:
    """Do one piece of longer work."""
    run(pk)
