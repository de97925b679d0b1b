"""The applicant's copy of what was sent as PDF/UA-1."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from krzew.calls.models import Application, ApplicationVersion
from krzew.calls.present import applications as present
from krzew.ui.formats import moment
from krzew.ui.pdf import typeset

TEMPLATE = Path(__file__).with_name("application.typ")


def pdf(application: Application, version: ApplicationVersion) -> bytes:
    """One version as an accessible PDF."""
    return typeset(TEMPLATE, document(application, version))


def document(application: Application, version: ApplicationVersion) -> dict[str, Any]:
    """What the copy says, as plain values."""
    content, stage = version.content, application.call.rules.form
    assert stage is not None
    return {
        "language": application.language,
        "title": content["title"] or str(application),
        "kicker": _("Application %(number)s") % {"number": application.label},
        "call": application.call.name,
        "facts": _facts(application, version),
        "sections": [
            {"label": label, "rows": [[fact.label, fact.values] for fact in facts]}
            for label, facts in present.answers(stage, content)
        ],
        "statements_label": _("Declarations"),
        "statements": [_statement(text, made) for text, made in present.statements_said(version)],
        "files_label": _("Files"),
        "files": [f"{file['name']} ({file['megabytes']} MB)" for file in present.file_rows(content)],
        "footer": _("%(number)s, version %(version)s, %(hash)s")
        % {"number": application.label, "version": version.number, "hash": version.content_hash[:16]},
    }


def _facts(application: Application, version: ApplicationVersion) -> list[list[str]]:
    rows = [[fact.label, fact.values[0]] for fact in present.facts(application)]
    at = _("%(at)s, Warsaw time") % {"at": moment(version.sent_at)}
    return [*rows, [_("This version sent"), at], [_("Fingerprint"), version.content_hash]]


def _statement(text: str, made: list[tuple[str, datetime]]) -> str:
    who = "; ".join(f"{name}, {moment(at)}" for name, at in made)
    return f"{text} ({who})"
