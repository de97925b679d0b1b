"""Acts and states in words. Each room brings its own in `timeline_phrases.py`:

PHRASES   name of an act → phrase, e.g. {"diagnosis.opened": _("Diagnosis opened")}
STATES    kind of object → {state: word}, e.g. {"diagnosis.diagnosis": {"open": _("open")}} (optional)
OBJECTS   kind of object → its name, where the model itself has none in both languages (optional)
TOPICS    kind of notices → what they tell of, e.g. {"calls.calls": _("Calls …")} (optional; `notices.py`)

An act or state without a phrase is shown by its own name.
"""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

PHRASES: dict[str, str | Promise] = {}
STATES: dict[str, dict[str, str | Promise]] = {}
OBJECTS: dict[str, str | Promise] = {}
TOPICS: dict[str, str | Promise] = {}


def collect() -> None:
    """Read the phrases of every room that has some."""
    for room in apps.get_app_configs():
        if room.module and module_has_submodule(room.module, "timeline_phrases"):
            module = import_module(f"{room.name}.timeline_phrases")
            PHRASES.update(module.PHRASES)
            STATES.update(getattr(module, "STATES", {}))
            OBJECTS.update(getattr(module, "OBJECTS", {}))
            TOPICS.update(getattr(module, "TOPICS", {}))


def phrase(act: str) -> str:
    return str(PHRASES.get(act, act))


def name_of(object_type: str, object_id: str) -> str:
    """An object in words: what its room calls it, and its number."""
    if object_type in OBJECTS:
        return f"{OBJECTS[object_type]} {object_id}"
    try:
        kind = str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):  # of a room that is no longer there
        kind = object_type
    return f"{kind} {object_id}"


def change(object_type: str, old: str, new: str) -> str:
    """What changed, in words: "draft → signed", or the one that is known."""
    words = STATES.get(object_type, {})
    before, after = (str(words.get(state, state)) for state in (old, new))
    if before and after:
        return _("%(before)s → %(after)s") % {"before": before, "after": after}
    return before or after
