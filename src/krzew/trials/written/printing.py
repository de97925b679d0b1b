"""One version of the specification as PDF/UA-1; it looks like the copy of an application."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from krzew.calls.applications.printing import TEMPLATE
from krzew.trials.models import SpecificationVersion
from krzew.trials.written.content import said
from krzew.ui.formats import moment
from krzew.ui.pdf import typeset


def pdf(version: SpecificationVersion) -> bytes:
    return typeset(TEMPLATE, document(version))


def document(version: SpecificationVersion) -> dict[str, Any]:
    """What the copy says, as plain values."""
    innovation, kept = version.innovation, version.content
    language = innovation.language if innovation.language in kept["label"] else "pl"
    label = kept["label"][language]
    rows = [[question, (text or "–").split("\n")] for question, text in said(kept).values()]
    gate = getattr(version, "gate", None)
    facts = [
        [_("Innovator"), innovation.innovator or "–"],
        [_("This version sent"), _("%(at)s, Warsaw time") % {"at": moment(version.sent_at)}],
        [_("State"), str(version.get_state_display())],
        [_("Fingerprint"), version.content_hash],
    ]
    if gate is not None:
        facts.insert(3, [_("Decided"), moment(gate.at)])
    return {
        "language": language,
        "title": kept["title"],
        "kicker": _("%(stage)s, version %(number)s") % {"stage": label, "number": version.number},
        "call": innovation.call.name,
        "facts": facts,
        "sections": [{"label": label, "rows": rows}],
        "statements_label": _("Declarations"),
        "statements": [],
        "files_label": _("Files"),
        "files": [],
        "footer": _("%(number)s, version %(version)s, %(hash)s")
        % {"number": innovation.title[:60], "version": version.number, "hash": version.content_hash[:16]},
    }
