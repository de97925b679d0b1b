"""The numbers of a report as one flat table, for a spreadsheet or a script."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from krzew.diagnosis.result import Result

HEAD = ["part", "code", "name", "detail", "value", "low", "high", "year", "source", "flag"]
Row = list[str | float | int | None]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(result: Result) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read Polish letters."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in rows(result):
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str | float | int | None) -> str | float | int | None:
    """A text that a spreadsheet would run as a formula is shown as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def rows(result: Result) -> Iterator[Row]:
    place, data = result.place, result.data
    yield [
        "place",
        place.code,
        place.name,
        str(place.where),
        place.population,
        None,
        None,
        place.population_year,
        "",
        "",
    ]
    yield ["version", "data", data.version, data.method, data.seed, None, None, data.made_on, "", ""]
    for neighbour in result.group.neighbours:
        yield [
            "neighbour",
            neighbour.code,
            neighbour.name,
            str(neighbour.where),
            neighbour.distance,
            None,
            None,
            "",
            "",
            "",
        ]
    yield from _needs(result)
    for s in result.solutions:
        yield ["solution", s.slug, str(s.name), s.state, s.score, None, None, s.rank, "", ""]
        yield ["acceptability", s.slug, str(s.name), "", s.acceptability, None, None, "", "", ""]
        yield ["feasibility", s.slug, str(s.name), s.quadrant, s.feasibility, None, None, "", "", ""]


def _needs(result: Result) -> Iterator[Row]:
    for need in result.needs:
        yield ["need", need.code, str(need.name), need.status, need.severity, need.low, need.high, "", "", ""]
        for e in need.evidence:
            yield [
                "evidence",
                e.indicator,
                str(e.name),
                need.code,
                e.value,
                e.group_q1,
                e.group_q3,
                e.year,
                e.source,
                e.flag,
            ]
