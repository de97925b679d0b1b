"""A declaration whose text changed is a new version: whoever ticked the old one ticked the old text."""

from __future__ import annotations

from typing import Any

from krzew.calls.definition import Definition, plain, read
from krzew.calls.definition.form import ApplicationStage, Declaration


def renewed(old: Definition, new: Definition) -> Definition:
    """`new`, with a higher version wherever the text of a declaration differs from `old`."""
    known = _declarations(old)
    data = plain(new)
    changed = False
    for stage in data["stages"]:
        for one in stage.get("declarations", ()) if stage["kind"] == "application" else ():
            before = known.get((stage["code"], one["code"]))
            if before is not None and _is_stale(before, one):
                one["version"] = before.version + 1
                changed = True
    return read(data) if changed else new


def _declarations(definition: Definition) -> dict[tuple[str, str], Declaration]:
    stages = [stage for stage in definition.stages if isinstance(stage, ApplicationStage)]
    return {(stage.code, one.code): one for stage in stages for one in stage.declarations}


def _is_stale(before: Declaration, now: dict[str, Any]) -> bool:
    same = now["text"] == before.text.model_dump()
    return not same and now.get("version", 1) <= before.version
