"""Setting a report as PDF/UA-1 with Typst. Fonts come with the typesetter, so every machine sets the same pages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import typst

from krzew.diagnosis.report_blocks import Document

TEMPLATE = Path(__file__).with_name("report.typ")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def pdf(document: Document) -> bytes:
    """The document as an accessible PDF (tags, language, title, alternative texts)."""
    words = json.dumps(document.as_dict(), ensure_ascii=False)
    # The content travels as data, never as markup: a name with brackets stays a name.
    made = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"document": words},
        format="pdf",
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made
