"""Helpers: a BDL service over a transport, and official lists made from the loaded units."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openpyxl

from krzew.places.importers.bdl import Variable
from krzew.places.importers.bdl_client import BdlClient
from krzew.places.importers.bdl_state import ANONYMOUS, BdlState
from krzew.places.importers.problems import ImportRefused
from krzew.places.importers.reading import Upload
from krzew.places.models import Unit

DATA = Path(__file__).parent / "data"
RECORDED = json.loads((DATA / "bdl_recorded.json").read_text(encoding="utf-8"))
START = 1_790_000_000.0

POPULATION = Variable("population", 72305, "ludność ogółem (stan 31 XII)", 6, "P2137", "osoba")
GMINA_IDS = {"300201": "023015702011", "300202": "023015702022", "300203": "023015702032"}

Answer = Callable[[httpx.Request], httpx.Response]


def messages(refusal: ImportRefused) -> str:
    return str(refusal)


def upload(text: str | bytes, name: str = "plik.csv", encoding: str = "utf-8") -> Upload:
    return Upload(name, text if isinstance(text, bytes) else text.encode(encoding))


def workbook(rows: list[list[Any]]) -> Upload:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return Upload("arkusz.xlsx", out.getvalue())


# --- BDL ---------------------------------------------------------------------------------------


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = START
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def row(unit_id: str, *values: tuple[int, float | None, int]) -> dict[str, Any]:
    """One row of `results` as the API sends it."""
    cells = [{"year": str(year), "val": value, "attrId": attribute} for year, value, attribute in values]
    return {"id": unit_id, "name": "Jednostka", "values": cells}


class FakeBdl:
    """Answers as the service does; `faults` are answers given instead, first come first served."""

    def __init__(self, rows: list[dict[str, Any]], page_size: int = 100, **variable: Any) -> None:
        self.rows = rows
        self.page_size = page_size
        self.variable = {
            "id": 72305,
            "subjectId": "P2137",
            "n1": "ogółem",
            "level": 6,
            "measureUnitId": 26,
            "measureUnitName": "osoba",
            "years": [2019, 2023, 2024],
            **variable,
        }
        self.subject = {"id": "P2137", "name": "Ludność (stan w dniu 31 XII)"}
        self.faults: list[httpx.Response | Exception | None] = []
        self.change: Callable[[int, dict[str, Any]], None] = lambda number, page: None
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        return fault or httpx.Response(200, json=self._answer(request))

    def _answer(self, request: httpx.Request) -> dict[str, Any]:
        path = request.url.path
        if "/variables/" in path:
            return self.variable
        if "/subjects/" in path:
            return self.subject
        number = int(request.url.params["page"])
        page = self.page(number, str(request.url))
        self.change(number, page)
        return page

    def page(self, number: int, url: str) -> dict[str, Any]:
        start = number * self.page_size
        links = {"self": url}
        if start + self.page_size < len(self.rows):
            links["next"] = str(httpx.URL(url).copy_set_param("page", number + 1))
        return {
            "totalRecords": len(self.rows),
            "variableId": 72305,
            "measureUnitId": 26,
            "aggregateId": 1,
            "lastUpdate": "2025-05-14T15:05:15.743",
            "page": number,
            "pageSize": self.page_size,
            "links": links,
            "results": self.rows[start : start + self.page_size],
        }

    def data_calls(self) -> list[int]:
        return [int(r.url.params["page"]) for r in self.requests if "/data/" in r.url.path]


def bdl_client(service: Answer, folder: Path, clock: Clock | None = None, **options: Any) -> BdlClient:
    clock = clock or Clock()
    limits = options.pop("limits", ANONYMOUS)
    state = BdlState(folder / "bdl.sqlite3", limits)
    return BdlClient(state, transport=httpx.MockTransport(service), clock=clock, sleep=clock.sleep, **options)


# --- TERYT -------------------------------------------------------------------------------------

HEADER = "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA"
EXTRA = {"city_powiat": "miasto na prawach powiatu", "powiat": "powiat", "voivodeship": "województwo"}


def terc_lines(day: str) -> dict[str, str]:
    """The loaded units as lines of an official list, by code."""
    lines = {}
    for code, name, kind, code7 in Unit.objects.filter(valid_to=None).values_list(
        "code", "name", "kind", "code7"
    ):
        parts = [code[0:2], code[2:4], code[4:6], code7[6:], name, EXTRA.get(kind, "gmina"), day]
        lines[code] = ";".join(parts)
    return dict(sorted(lines.items()))


def terc_file(lines: dict[str, str]) -> Upload:
    text = "\r\n".join([HEADER, *lines.values(), ""])
    return Upload("TERC.csv", text.encode("utf-8-sig"))


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def soap(content: bytes | str) -> Upload:
    """The envelope in which the TERYT service sends its archive."""
    body = content if isinstance(content, str) else base64.b64encode(content).decode()
    text = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<PobierzKatalogTERCResponse xmlns="http://tempuri.org/">'
        '<PobierzKatalogTERCResult xmlns:b="http://schemas.datacontract.org/2004/07/TerytUslugaWs1">'
        f"<b:nazwa_pliku>TERC</b:nazwa_pliku><b:plik_zawartosc>{body}</b:plik_zawartosc>"
        "</PobierzKatalogTERCResult></PobierzKatalogTERCResponse></s:Body></s:Envelope>"
    )
    return Upload("terc.xml", text.encode())
