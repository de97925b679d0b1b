"""Work of the front door that takes longer than a page may."""

from __future__ import annotations

from django_tasks import task

from krzew.accounts.actors import Actor
from krzew.door.acts import reach
from krzew.library.models import Solution


@task()
def look(solution: int) -> None:
    """Find whom a solution could serve. Done twice it proposes nothing twice."""
    row = Solution.objects.select_related("current").filter(pk=solution).first()
    if row is not None:
        reach.look(Actor.system(), row)
