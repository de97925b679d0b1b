"""Opening of uploads: size, type, encoding, cells."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.places.importers.problems import MAX_SHOWN, ImportProblem, ImportRefused, Problems
from krzew.places.importers.reading import (
    Upload,
    cell_text,
    decode,
    detect_encoding,
    number,
    open_upload,
    open_zip,
    plain_cell,
    read_table,
    safe_cell,
)
from tests.places.importers.support import upload, workbook, zipped

POLISH = "Zażółć gęślą jaźń; ŻÓŁĆ"


def texts(table: Any) -> list[list[str]]:
    return [[cell_text(cell) for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize(
    ("encoding", "detected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1250", "cp1250"),
        ("iso8859-2", "iso8859-2"),
        ("utf-16", "utf-16"),
    ],
)
def test_encoding_is_detected_and_nothing_is_lost(encoding: str, detected: str) -> None:
    data = POLISH.encode(encoding)
    assert detect_encoding(data) == detected
    assert decode(data)[0] == POLISH


def test_encoding_and_separator_are_said() -> None:
    table = read_table(upload("kod;nazwa\n1;Łódź\n", encoding="cp1250"))
    assert "cp1250" in table.how
    assert ";" in table.how
    assert texts(table) == [["kod", "nazwa"], ["1", "Łódź"]]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators(separator: str) -> None:
    text = separator.join(["a", "b", "c"]) + "\n" + separator.join(["1", "2", "3"]) + "\n"
    assert texts(read_table(upload(text))) == [["a", "b", "c"], ["1", "2", "3"]]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    table = read_table(upload('a;b\n"dwie\nlinie";1\n\nx;2\n'))
    assert [row.line for row in table.rows] == [1, 2, 5]


def test_open_quotation_mark_names_its_line() -> None:
    with pytest.raises(ImportRefused) as refused:
        list(read_table(upload('a;b\n1;2\n3;"cztery\n5;6\n')).rows)
    assert refused.value.problems[0].line == 3


def test_workbook_is_recognised_by_content_not_by_name() -> None:
    book = workbook([["kod", "wartość"], ["020101", 2.5], [None, None], ["020102", 3]])
    table = read_table(Upload("dane.csv", book.data))
    assert texts(table) == [["kod", "wartość"], ["020101", "2.5"], ["020102", "3"]]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"kod;a\n1;\x00\x01\n", "binary"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, word: str) -> None:
    with pytest.raises(ImportRefused, match=word):
        list(read_table(upload(data)).rows)


def test_archive_that_is_no_workbook() -> None:
    with pytest.raises(ImportRefused, match="not a spreadsheet"):
        read_table(upload(zipped("a.txt", b"x")))


def test_truncated_workbook() -> None:
    whole = workbook([["kod"], ["1"]]).data
    with pytest.raises(ImportRefused, match="damaged"):
        list(read_table(upload(whole[: len(whole) // 2])).rows)


def test_workbook_with_entities_is_not_expanded() -> None:
    source = zipfile.ZipFile(io.BytesIO(workbook([["kod"], ["1"]]).data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name.startswith("xl/worksheets/"):
                assert b">kod<" in text
                text = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + text.replace(b">kod<", b">&a;<")
            target.writestr(name, text)
    with pytest.raises(ImportRefused, match="damaged"):
        list(read_table(upload(out.getvalue())).rows)


def test_zip_bomb_is_not_unpacked() -> None:
    with pytest.raises(ImportRefused, match="too much"):
        open_zip(zipped("a", b"0" * 5_000_000), limit=1_000_000)


def test_size_limit_is_said_before_reading(tmp_path: Path, settings: Any) -> None:
    settings.KRZEW_IMPORT_LIMIT_MB = 1
    path = tmp_path / "duży.csv"
    path.write_bytes(b"x" * (1024 * 1024 + 1))
    for source in (path, path.read_bytes(), io.BytesIO(path.read_bytes())):
        with pytest.raises(ImportRefused, match="larger than 1 MB"):
            open_upload(source)


def test_empty_and_absent_files(tmp_path: Path) -> None:
    (tmp_path / "pusty.csv").touch()
    with pytest.raises(ImportRefused, match="empty"):
        open_upload(tmp_path / "pusty.csv")
    with pytest.raises(ImportRefused, match="no file"):
        open_upload(tmp_path / "brak.csv")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u2009234,5", 1234.5),
        ("1\u202f234\u00a0567", 1234567),
        ("-3.25", -3.25),
        ("−2", -2),
        ("0", 0),
        (7, 7),
    ],
)
def test_numbers(text: Any, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "abc", "1.234,5", "1,234.5", "1,2,3", "NaN", "inf", "1e999", "5 zł", "١٢", True]
)
def test_what_is_not_a_number(text: Any) -> None:
    with pytest.raises(ValueError, match=r"not a number|both a comma"):
        number(text)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_survive_a_polish_spreadsheet(value: float) -> None:
    assert number(f"{value:.17g}".replace(".", ",")) == value


@given(st.text())
def test_formulas_are_disarmed_and_come_back(text: str) -> None:
    safe = safe_cell(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    if safe != text:
        assert plain_cell(safe) == text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ImportRefused):  # any other error fails the test
        list(read_table(upload(data)).rows)


def test_fifty_problems_are_shown_and_the_rest_counted() -> None:
    problems = Problems()
    for line in range(MAX_SHOWN + 7):
        problems.add(line + 2, "wartość", "zła")
    with pytest.raises(ImportRefused) as refused:
        problems.refuse_if_any()
    assert len(refused.value.problems) == MAX_SHOWN
    assert refused.value.problems[0] == ImportProblem(2, "wartość", "zła")
    assert "7 more problems" in str(refused.value)
