"""Printed forms of a diagnosis: PDF to send, DOCX to edit, CSV to calculate with."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone, translation
from django.utils.text import slugify

from krzew.diagnosis.models import Report
from krzew.diagnosis.report_content import Header, document
from krzew.diagnosis.report_csv import csv_file
from krzew.diagnosis.report_docx import docx
from krzew.diagnosis.report_pdf import pdf
from krzew.diagnosis.result import Result

Progress = Callable[[int], None]
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
}


def _silent(_percent: int) -> None:
    pass


def build(report: Report, result: Result, progress: Progress = _silent) -> bytes:
    """The file of one asked-for report."""
    diagnosis = report.diagnosis
    signed_on = timezone.localdate(diagnosis.signed_at) if diagnosis.signed_at else None
    header = Header(diagnosis.organisation.name, signed_on, is_draft=signed_on is None)
    return render(result, format=report.format, language=report.language, header=header, progress=progress)


def render(
    result: Result, *, format: str, language: str, header: Header | None = None, progress: Progress = _silent
) -> bytes:
    """A report of any result, in "pdf", "docx" or "csv"."""
    with translation.override(language):
        progress(10)
        if format == "csv":
            return csv_file(result)
        content = document(result, language, header or Header(is_draft=False))
        progress(40)
        made = {"pdf": pdf, "docx": docx}[format](content)
        progress(95)
        return made


def file_name(result: Result, language: str, format: str) -> str:
    """E.g. krzew-300202-czarnkow-pl.pdf."""
    plain = result.place.name.translate(str.maketrans("łŁ", "lL"))
    return f"krzew-{result.place.code}-{slugify(plain)}-{language}.{format}"
