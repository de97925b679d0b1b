"""Needs as the office reads them: with the name of their concept."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.door.finding.result import Masked
from krzew.door.models import Need
from krzew.door.queries import thesaurus


def labelled(rows: Iterable[Need]) -> list[Need]:
    """The same needs, each with `main_label` for templates."""
    found, known = list(rows), None
    for need in found:
        known = known or thesaurus.concepts()
        need.main_label = (  # type: ignore[attr-defined]
            thesaurus.label(need.main, known) if need.main else _("a need without a name yet")
        )
    return found


def hidden(masked: Masked) -> list[str]:
    """What was masked, by kind and number, without repeating it."""
    counts: dict[str, int] = {}
    for one in masked.found:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    return [_counted(kind, n) for kind, n in counts.items()]


def _counted(kind: str, n: int) -> str:
    texts = {
        "phone": ngettext("%(n)d telephone number", "%(n)d telephone numbers", n),
        "email": ngettext("%(n)d e-mail address", "%(n)d e-mail addresses", n),
        "pesel": ngettext("%(n)d PESEL number", "%(n)d PESEL numbers", n),
        "address": ngettext("%(n)d address", "%(n)d addresses", n),
        "name": ngettext("%(n)d name", "%(n)d names", n),
    }
    other = ngettext("%(n)d number", "%(n)d numbers", n)
    return texts.get(kind, other) % {"n": n}
