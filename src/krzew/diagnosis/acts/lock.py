"""Two advisers at one diagnosis: the second to save the same part is told, and nothing is overwritten."""

from __future__ import annotations

from krzew.diagnosis.models import Diagnosis


class Conflict(Exception):
    """Somebody else changed this part after the page was opened."""

    def __init__(self, part: str, seen: int, now: int) -> None:
        super().__init__(f"{part}: changed in revision {now}, seen in {seen}")
        self.part, self.seen, self.now = part, seen, now


def claim(diagnosis: Diagnosis, part: str, seen: int) -> Diagnosis:
    """The diagnosis locked for this act, with `part` marked as changed; refuses when it changed since `seen`."""
    locked = Diagnosis.objects.select_for_update().get(pk=diagnosis.pk)
    changed = int(locked.touched.get(part, 0))
    if changed > seen:
        raise Conflict(part, seen, changed)
    locked.revision += 1
    locked.touched = {**locked.touched, part: locked.revision}
    locked.save(update_fields=["revision", "touched"])
    diagnosis.revision, diagnosis.touched = locked.revision, locked.touched
    return locked
