"""Reading what everybody may read about innovations."""

from __future__ import annotations

from django.db.models import QuerySet

from krzew.trials.models import Innovation, PackageFile, PolicyInclusion
from krzew.trials.queries.innovations import public


def journeys(*, state: str = "", call: str = "") -> QuerySet[Innovation]:
    rows = public()
    if state:
        rows = rows.filter(state=state)
    if call:
        rows = rows.filter(call__slug=call)
    return rows


def journey(slug: str) -> Innovation | None:
    rows = (
        public().select_related("solution__current").prefetch_related("test__testers", "solution__versions")
    )
    return rows.filter(slug=slug).first()


def policy_of(innovation: Innovation) -> list[PolicyInclusion]:
    if innovation.solution_id is None:
        return []
    return list(PolicyInclusion.objects.filter(solution=innovation.solution_id, withdrawn_at=None))


def materials(innovation: Innovation) -> list[PackageFile]:
    """Files of a package that is in the library; before that they belong to the innovator alone."""
    rows = PackageFile.objects.filter(package__innovation=innovation, removed_at=None)
    return list(rows.filter(package__version__published_at__isnull=False))
