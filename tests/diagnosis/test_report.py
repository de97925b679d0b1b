"""Printed reports: accessible PDF, editable DOCX, honest CSV, in both languages, from real figures."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import docx as python_docx
import pytest
from pypdf import PdfReader

from krzew.diagnosis import engine
from krzew.diagnosis.report import file_name, render
from krzew.diagnosis.report_content import Header
from krzew.diagnosis.result import Result

HOSTILE = '=HYPERLINK("x") <b>#set text(fill: red)</b> $x$ @ref [link]'


@pytest.fixture
def result(library_loaded: None) -> Result:
    return engine.compute_place("300202")


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_pdf_is_tagged_and_says_its_language(result: Result) -> None:
    reader = PdfReader(io.BytesIO(render(result, format="pdf", language="pl")))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "pl"
    assert catalogue["/StructTreeRoot"]
    assert "pdfuaid" in catalogue["/Metadata"].get_data().decode()
    assert "Czarnków" in reader.metadata.title


@pytest.mark.parametrize(
    ("language", "expected"), [("pl", "Diagnoza miejscowych potrzeb"), ("en", "Diagnosis of local needs")]
)
def test_pdf_speaks_the_language(result: Result, language: str, expected: str) -> None:
    text = words(render(result, format="pdf", language=language)).replace("\n", " ")
    assert expected in text
    assert "Czarnków" in text
    assert result.data.version[:12] in text
    assert "11 138" in text.replace("\u00a0", " ").replace(",", " ")


def test_a_draft_says_that_it_is_one(result: Result) -> None:
    draft = words(render(result, format="pdf", language="en", header=Header("OWES Próba", None, True)))
    assert "not signed" in draft
    assert "OWES Próba" in draft


def test_markup_in_a_name_stays_text(result: Result) -> None:
    hostile = replace(result, place=replace(result.place, name=HOSTILE))
    assert "#set text(fill: red)" in words(render(hostile, format="pdf", language="pl")).replace("\n", " ")
    rows = list(csv.reader(io.StringIO(render(hostile, format="csv", language="pl").decode("utf-8-sig"))))
    assert rows[1][2] == "'" + HOSTILE


def test_docx_has_real_headings_tables_and_described_pictures(result: Result) -> None:
    page = python_docx.Document(io.BytesIO(render(result, format="docx", language="pl")))
    headings = [p.text for p in page.paragraphs if p.style.name == "Heading 1"]
    assert {"Podsumowanie", "Rozwiązania", "Źródła"} <= set(headings)
    assert len(page.tables) > 4
    assert page.inline_shapes
    assert all(shape._inline.docPr.get("descr") for shape in page.inline_shapes)
    assert page.core_properties.language == "pl"


def test_csv_holds_every_need_and_solution(result: Result) -> None:
    rows = list(csv.DictReader(io.StringIO(render(result, format="csv", language="en").decode("utf-8-sig"))))
    parts = [row["part"] for row in rows]
    assert parts.count("need") == len(result.needs)
    assert parts.count("solution") == len(result.solutions)
    need = next(row for row in rows if row["part"] == "need" and row["code"] == "work")
    assert float(need["low"]) <= float(need["value"]) <= float(need["high"])


def test_a_place_without_figures_still_gets_a_report(library_loaded: None) -> None:
    """Szczawa exists since 2025: the report says that there is nothing yet."""
    empty = engine.compute_place("120713")
    assert empty.known_needs == ()
    assert "Szczawa" in words(render(empty, format="pdf", language="pl"))


def test_file_names_are_plain(result: Result) -> None:
    assert file_name(result, "pl", "pdf") == "krzew-300202-czarnkow-pl.pdf"


def test_progress_only_grows(result: Result) -> None:
    seen: list[int] = []
    render(result, format="pdf", language="pl", progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] <= 100
