"""Reading one entry of a foreign catalogue by a mapping: our field → path, constant or map of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from krzew.library.cards import fold

Spec = str | Mapping[str, Any]


class Unreadable(Exception):
    """This entry cannot be read; the text says why."""


def mapped(specs: Mapping[str, Spec], entry: Any) -> dict[str, Any]:
    """Our fields of one entry. What the entry does not have is left out, so that the empty card's stays."""
    if not isinstance(entry, dict):
        raise Unreadable(_("is not an object with fields"))
    values = {name: _value(spec, entry, name) for name, spec in specs.items()}
    return {
        name: value
        for name, value in values.items()
        if value is not None or name in ("slug", "kind", "name_pl")
    }


def _value(spec: Spec, item: Any, name: str) -> Any:
    if isinstance(spec, str):
        return _at(item, spec)
    if "const" in spec:
        return spec["const"]
    value = _at(item, spec["path"])
    if value is None:
        return spec.get("default")
    if "split" in spec and isinstance(value, str):
        value = [part.strip() for part in value.split(spec["split"]) if part.strip()]
    if "each" in spec:
        return _each(spec, value, name)
    if "map" in spec:
        return _translated(spec["map"], value, name)
    return slugify(fold(str(value))) if spec.get("slugify") else value


def _at(item: Any, path: str) -> Any:
    if path == ".":
        return item
    for part in path.split("."):
        if not isinstance(item, dict):
            return None
        item = item.get(part)
    return item


def _each(spec: Mapping[str, Any], value: Any, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise Unreadable(_("“%(field)s” should be a list") % {"field": name})
    return [
        {key: _value(inner, item, f"{name}.{key}") for key, inner in spec["each"].items()} for item in value
    ]


def _translated(words: Mapping[str, Any], value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_translated(words, item, name) for item in value]
    if str(value) not in words:
        text = _("“%(field)s”: the mapping has no word for “%(value)s”")
        raise Unreadable(text % {"field": name, "value": str(value)[:60]})
    return words[str(value)]
