"""Setting a report as PDF/UA-1."""

from __future__ import annotations

from pathlib import Path

from krzew.diagnosis.report_blocks import Document
from krzew.ui.pdf import typeset

TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(document: Document) -> bytes:
    """The document as an accessible PDF, with alternative texts."""
    return typeset(TEMPLATE, document.as_dict())
