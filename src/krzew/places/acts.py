"""The only act of this room besides the importers: loading of the shipped tables."""

from __future__ import annotations

from krzew.accounts.actors import Actor
from krzew.places.loaders import LoadReport, Progress, load_all
from krzew.places.models import Dataset
from krzew.places.rules import import_data
from krzew.timeline.acts import act, record


@act
def load_places(actor: Actor, progress: Progress | None = None, *, force: bool = False) -> LoadReport:
    """Load the shipped units and figures; writes an event only when something was loaded."""
    import_data.require(actor)
    report = load_all(progress, force=force)
    if not report.skipped:
        dataset = Dataset.objects.get(code="terc")
        record(actor, "places.loaded", dataset, data={"units": report.units, "values": report.values})
    return report
