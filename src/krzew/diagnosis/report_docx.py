"""Setting a report as an editable DOCX: real headings, lists and tables, so that an office can go on writing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import vl_convert
from docx import Document as new_docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from krzew.diagnosis.report_blocks import (
    Bars,
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    NewPage,
    Para,
    Quadrant,
    Table,
)
from krzew.ui import figures
from krzew.ui.components import Interval, QuadrantPoint

LEAF = RGBColor(0x2F, 0x5D, 0x34)


def docx(document: Document) -> bytes:
    """The document as DOCX."""
    page = new_docx()
    _prepare(page, document)
    _cover(page, document)
    for block in document.blocks:
        _set(page, block, document.language)
    out = BytesIO()
    page.save(out)
    return out.getvalue()


def _prepare(page: Any, document: Document) -> None:
    page.core_properties.title = f"{document.cover.title}: {document.cover.place}"
    page.core_properties.author = "Krzew"
    page.core_properties.language = document.language
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = "Georgia", Pt(10.5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), {"pl": "pl-PL", "en": "en-GB"}[document.language])
    normal.element.get_or_add_rPr().append(language)
    for level in (1, 2):
        page.styles[f"Heading {level}"].font.color.rgb = LEAF
    page.sections[0].footer.paragraphs[0].text = document.footer


def _cover(page: Any, document: Document) -> None:
    page.add_heading(document.cover.title, 0)
    page.add_paragraph(document.cover.place, style="Subtitle")
    page.add_paragraph(document.cover.where)
    _facts(page, document.cover.facts)
    page.add_paragraph(document.cover.status)


def _set(page: Any, block: Block, language: str) -> None:
    match block:
        case Heading(text, level):
            page.add_heading(text, level)
        case Para(text, quiet):
            run = page.add_paragraph().add_run(text)
            run.italic = quiet
        case Bullets(items, ordered):
            for item in items:
                page.add_paragraph(item, style="List Number" if ordered else "List Bullet")
        case Facts(rows):
            _facts(page, rows)
        case Table():
            _table(page, block)
        case Bars():
            _bars(page, block, language)
        case Quadrant():
            _quadrant(page, block, language)
        case NewPage():
            page.add_page_break()


def _facts(page: Any, rows: Any) -> None:
    table = page.add_table(rows=0, cols=2)
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value
    page.add_paragraph()


def _table(page: Any, block: Table) -> None:
    page.add_paragraph(block.caption, style="Caption")
    table = page.add_table(rows=1, cols=len(block.head), style="Light List Accent 1")
    _fill(table.rows[0], block.head, block.numeric)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in block.rows:
        _fill(table.add_row(), row, block.numeric)
    page.add_paragraph()


def _fill(row: Any, texts: Any, numeric: Any) -> None:
    for column, text in enumerate(texts):
        paragraph = row.cells[column].paragraphs[0]
        paragraph.text = text
        if column in numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _bars(page: Any, block: Bars, language: str) -> None:
    rows = [Interval(r.label, r.value, r.low, r.high, 0, 100, 0) for r in block.rows]
    if rows:
        _picture(page, figures.intervals(rows, x_title=block.head[1], lang=language), block.caption)
    table = Table(
        block.caption, [block.head[0], block.head[2]], [[r.label, r.text] for r in block.rows], (1,)
    )
    _table(page, table)


def _quadrant(page: Any, block: Quadrant, language: str) -> None:
    points = [QuadrantPoint(f"{p.number}. {p.label}", p.x / 100, p.y / 100) for p in block.points]
    spec = figures.quadrant(points, x_title=block.x_title, y_title=block.y_title, lang=language)
    _picture(page, spec, block.alt)


def _picture(page: Any, spec: Any, alt: str) -> None:
    """A figure as a picture with its text alternative."""
    png = vl_convert.vegalite_to_png(spec, scale=2)
    page.add_picture(BytesIO(png), width=Cm(15.5))
    page.inline_shapes[-1]._inline.docPr.set("descr", alt)
