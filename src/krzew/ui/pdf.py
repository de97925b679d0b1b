"""Documents as PDF/UA-1, set with Typst. Fonts come with the typesetter: every machine sets the same pages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

if TYPE_CHECKING:
    import typst


def typeset(template: Path, document: dict[str, Any]) -> bytes:
    """The document as an accessible PDF (tags, language, title). It travels as data, never as markup: a name
    with brackets stays a name."""
    import typst  # heavy, and most pages print nothing

    made = typst.compile(
        template.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF to be saved. It may say things of one person: no cache between us and the reader keeps it."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
