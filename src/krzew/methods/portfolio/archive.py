"""A decision as plain data: everything needed to compute it again, and the protocol to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..record import METHOD_VERSION, MethodError

if TYPE_CHECKING:
    from .decision import Decision
    from .rules import Idea

FORMAT = "krzew-decision-1"


def to_dict(decision: Decision) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "ideas": [_plain(idea) for idea in decision.ideas],
        "rules": _plain(decision.rules),
        "events": [list(codes) for codes in decision.events],
        "protocol": [_plain(entry) for entry in decision.entries],
        "provenance": decision.provenance.as_dict(),
    }


def _plain(thing: Any) -> Any:
    """JSON's own kinds: figures that must be exact become text, sets become sorted lists."""
    if hasattr(thing, "__dataclass_fields__"):
        return {f.name: _plain(getattr(thing, f.name)) for f in fields(thing)}
    if isinstance(thing, Decimal):
        return str(thing)
    if isinstance(thing, Mapping):
        return {key: _plain(value) for key, value in thing.items()}
    if isinstance(thing, frozenset):
        return sorted(thing)
    if isinstance(thing, list | tuple):
        return [_plain(item) for item in thing]
    if hasattr(thing, "item"):  # a number of NumPy
        return thing.item()
    return thing


def inputs(data: Mapping[str, Any]) -> tuple[list[Idea | Mapping[str, Any]], Mapping[str, Any]]:
    """Ideas and rules of a stored decision."""
    if data.get("format") != FORMAT:
        raise MethodError("format", f"must be {FORMAT}", str(data.get("format")))
    for key in ("ideas", "rules"):
        if key not in data:
            raise MethodError(key, "is missing in the file")
    return list(data["ideas"]), data["rules"]


def compare(decision: Decision, data: Mapping[str, Any]) -> None:
    """Refuse a file whose protocol is not what its ideas and rules give."""
    stored = data.get("protocol")
    if stored is None:
        return
    made = to_dict(decision)["protocol"]
    version = data.get("provenance", {}).get("method_version", METHOD_VERSION)
    for ours, theirs in zip(made, stored, strict=False):
        if ours != theirs:
            rule = f"does not follow from ideas and rules (file by version {version}, here {METHOD_VERSION})"
            raise MethodError("protocol", rule, str(theirs.get("code")))
    if len(made) != len(stored):
        raise MethodError("protocol", "does not hold one line for each idea")
