"""The client of BDL against the shapes, faults and limits of the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from krzew.places.importers.bdl_client import BdlClient, read_page, retry_after
from krzew.places.importers.bdl_state import ANONYMOUS, REGISTERED, BdlState
from krzew.places.importers.problems import ImportRefused
from tests.places.importers.support import RECORDED, START, Clock, FakeBdl, bdl_client, row

ROWS = [row(f"02301570{n:03d}2", (2024, n, 1)) for n in range(250)]
PATH = "/data/by-variable/72305"


def pages(client: BdlClient) -> list[Any]:
    return client.pages("job", PATH)


def test_all_pages_are_read_from_zero(tmp_path: Path) -> None:
    service = FakeBdl(ROWS)
    client = bdl_client(service, tmp_path)
    assert sum(len(page.results) for page in pages(client)) == 250
    assert service.data_calls() == [0, 1, 2]
    params = service.requests[0].url.params
    assert (params["page-size"], params["format"], params["lang"]) == ("100", "json", "pl")


def test_client_id_is_sent_only_when_there_is_one(tmp_path: Path) -> None:
    service = FakeBdl(ROWS[:1])
    pages(bdl_client(service, tmp_path))
    pages(bdl_client(service, tmp_path / ".", client_id="abc"))
    assert "X-ClientId" not in service.requests[0].headers


def test_client_id_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.KRZEW_VAR, settings.KRZEW_BDL_URL = tmp_path, "https://bdl.example.org/api"
    monkeypatch.setenv("BDL_CLIENT_ID", "abc")
    service = FakeBdl(ROWS[:1])
    with BdlClient.from_settings(httpx.MockTransport(service)) as client:
        client.get("/variables/72305")
        assert client.state.limits == REGISTERED
    assert service.requests[0].headers["X-ClientId"] == "abc"
    assert service.requests[0].url.host == "bdl.example.org"
    monkeypatch.delenv("BDL_CLIENT_ID")
    with BdlClient.from_settings(httpx.MockTransport(service)) as client:
        assert client.state.limits == ANONYMOUS


# --- limits ------------------------------------------------------------------------------------


def test_no_window_is_ever_exceeded(tmp_path: Path) -> None:
    clock, limits = Clock(), ((1, 2), (10, 5))
    service = FakeBdl(ROWS)
    times: list[float] = []
    client = bdl_client(lambda r: times.append(clock.now) or service(r), tmp_path, clock, limits=limits)  # type: ignore[func-returns-value]
    for _ in range(23):
        client.get("/variables/72305")
    for seconds, calls in limits:
        for start in times:
            assert sum(start <= t < start + seconds for t in times) <= calls


def test_limits_survive_a_restart(tmp_path: Path) -> None:
    clock, service = Clock(), FakeBdl(ROWS)
    for _ in range(3):  # three processes, one after another
        client = bdl_client(service, tmp_path, clock, limits=((3600, 6),), patience=5000)
        for _ in range(3):
            client.get("/variables/72305")
        client.state.close()
    assert len(clock.waits) >= 1
    assert clock.now - START >= 3600


def test_a_long_wait_is_announced_not_slept(tmp_path: Path) -> None:
    client = bdl_client(FakeBdl(ROWS), tmp_path, limits=((43_200, 2),))
    client.get("/variables/72305")
    client.get("/variables/72305")
    with pytest.raises(ImportRefused, match="limit of calls to BDL is used up until"):
        client.get("/variables/72305")


def test_retry_after_in_seconds_and_as_a_date(tmp_path: Path) -> None:
    clock, service = Clock(), FakeBdl(ROWS[:1])
    later = httpx.Headers({"Retry-After": "Mon, 21 Sep 2026 14:14:20 GMT"})
    assert retry_after(later["Retry-After"], START) == pytest.approx(1_790_000_060 - START)
    service.faults = [httpx.Response(429, headers={"Retry-After": "120"}), httpx.Response(429, headers=later)]
    client = bdl_client(service, tmp_path, clock)
    assert client.get("/variables/72305")["id"] == 72305
    assert clock.waits[0] == 120
    assert len(service.requests) == 3


@pytest.mark.parametrize("header", [None, "", "soon", "-5"])
def test_retry_after_that_says_nothing(header: str | None) -> None:
    assert retry_after(header, START) is None


def test_the_pause_asked_for_holds_for_the_next_process(tmp_path: Path) -> None:
    clock, service = Clock(), FakeBdl(ROWS)
    service.faults = [httpx.Response(429, headers={"Retry-After": "7200"})]
    client = bdl_client(service, tmp_path, clock)
    with pytest.raises(ImportRefused, match="goes on from the page"):
        client.get("/variables/72305")
    client.state.close()
    asked = len(service.requests)
    with pytest.raises(ImportRefused, match="used up"):
        bdl_client(service, tmp_path, clock).get("/variables/72305")
    assert len(service.requests) == asked
    assert BdlState(tmp_path / "bdl.sqlite3").reserve(START + 7201) == 0


# --- faults ------------------------------------------------------------------------------------

HTML = b"<!DOCTYPE html><html><head><title>Przerwa techniczna</title></head><body><h1>503</h1></body></html>"


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("no route"),
        httpx.RemoteProtocolError("cut"),
        httpx.Response(503),
        httpx.Response(200, content=b'{"totalRecords": 250, "page": 0, "resul'),
        httpx.Response(200, content=HTML, headers={"Content-Type": "text/html"}),
    ],
)
def test_a_passing_fault_is_tried_again_with_growing_pauses(fault: Any, tmp_path: Path) -> None:
    clock, service = Clock(), FakeBdl(ROWS)
    service.faults = [fault, fault]
    assert len(pages(bdl_client(service, tmp_path, clock))) == 3
    assert clock.waits[:2] == [2.0, 4.0]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (httpx.ReadTimeout("slow"), "ReadTimeout"),
        (httpx.Response(200, content=b'{"totalRecords": 2'), "cut off or damaged"),
        (httpx.Response(200, content=HTML), "web page instead of data: Przerwa techniczna"),
        (httpx.Response(200, content=b"[" * 100_000), "cut off or damaged"),
    ],
)
def test_a_lasting_fault_is_refused_in_words(fault: Any, words: str, tmp_path: Path) -> None:
    service = FakeBdl(ROWS)
    service.faults = [fault] * 5
    with pytest.raises(ImportRefused, match=words):
        pages(bdl_client(service, tmp_path))


def test_a_wrong_question_is_not_repeated(tmp_path: Path) -> None:
    service = FakeBdl(ROWS)
    service.faults = [httpx.Response(404, json={"errors": [{"errorReason": "No such variable"}]})]
    with pytest.raises(ImportRefused, match=r"404.*No such variable"):
        pages(bdl_client(service, tmp_path))
    assert len(service.requests) == 1


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    service = FakeBdl(ROWS)
    service.faults = [httpx.Response(302, headers={"Location": "http://127.0.0.1/"})]
    with pytest.raises(ImportRefused, match="302"):
        pages(bdl_client(service, tmp_path))
    assert len(service.requests) == 1


def test_a_flood_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("krzew.places.importers.bdl_client.MAX_ANSWER", 1000)
    with pytest.raises(ImportRefused, match="larger than"):
        pages(bdl_client(FakeBdl(ROWS), tmp_path))


# --- pages -------------------------------------------------------------------------------------


def test_unwrapped_samples_are_not_taken_for_the_service() -> None:
    with pytest.raises(ImportRefused, match="expected shape"):
        read_page({"results": RECORDED["data"]}, 0)
    service = httpx.MockTransport(lambda request: httpx.Response(200, json=RECORDED["data"]))
    client = BdlClient(BdlState(":memory:"), transport=service, sleep=lambda s: None)
    with pytest.raises(ImportRefused, match="not an object"):
        client.get(PATH)


@pytest.mark.parametrize("broken", [{"results": None}, {"results": ["a"]}, {"page": "x"}, {"links": ["a"]}])
def test_a_page_of_another_shape(broken: dict[str, Any], tmp_path: Path) -> None:
    service = FakeBdl(ROWS)
    service.change = lambda number, page: page.update(broken)
    with pytest.raises(ImportRefused, match="expected shape"):
        pages(bdl_client(service, tmp_path))


@pytest.mark.parametrize("target", ["0", "1", "7"])
def test_a_loop_or_jump_in_the_links(target: str, tmp_path: Path) -> None:
    service = FakeBdl(ROWS)

    def change(number: int, page: dict[str, Any]) -> None:
        if number == 1:
            page["links"]["next"] = f"https://bdl.stat.gov.pl/api/v1/data?page={target}"

    service.change = change
    with pytest.raises(ImportRefused, match="out of order"):
        pages(bdl_client(service, tmp_path))
    assert len(service.requests) == 2


def test_a_link_elsewhere_is_not_visited(tmp_path: Path) -> None:
    service = FakeBdl(ROWS)

    def change(number: int, page: dict[str, Any]) -> None:
        if "next" in page["links"]:
            page["links"]["next"] = f"http://evil.example.org/?page={number + 1}"

    service.change = change
    pages(bdl_client(service, tmp_path))
    assert {request.url.host for request in service.requests} == {"bdl.stat.gov.pl"}


@pytest.mark.parametrize("changed", [{"pageSize": 50}, {"totalRecords": 251}, {"lastUpdate": "2026-01-01"}])
def test_what_changes_between_pages_is_read_anew(changed: dict[str, Any], tmp_path: Path) -> None:
    service = FakeBdl(ROWS)
    service.change = lambda number, page: page.update(changed) if number == 1 else None
    client = bdl_client(service, tmp_path)
    with pytest.raises(ImportRefused, match="changed while it was being read"):
        pages(client)
    service.change = lambda number, page: None
    assert len(pages(client)) == 3
    assert service.data_calls() == [0, 1, 0, 1, 2]


def test_a_smaller_page_size_of_the_service_is_accepted(tmp_path: Path) -> None:
    assert len(pages(bdl_client(FakeBdl(ROWS, page_size=50), tmp_path))) == 5


def test_rows_that_got_lost_are_noticed(tmp_path: Path) -> None:
    service = FakeBdl(ROWS)
    service.change = lambda number, page: page.update(results=page["results"][:-1]) if number == 2 else None
    with pytest.raises(ImportRefused, match="changed while"):
        pages(bdl_client(service, tmp_path))


def test_an_interrupted_reading_goes_on(tmp_path: Path) -> None:
    service = FakeBdl(ROWS)
    service.faults = [None, None, *[httpx.ReadTimeout("gone")] * 5]
    client = bdl_client(service, tmp_path)
    with pytest.raises(ImportRefused):
        pages(client)
    client.state.close()
    service.requests.clear()
    seen: list[tuple[int, int]] = []
    again = bdl_client(service, tmp_path)
    found = again.pages("job", PATH, progress=lambda done, total, label: seen.append((done, total)))
    assert sum(len(page.results) for page in found) == 250
    assert service.data_calls() == [2]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_pages_are_forgotten_after_a_week(tmp_path: Path) -> None:
    state = BdlState(tmp_path / "bdl.sqlite3")
    state.keep("job", 0, {"a": 1}, START)
    assert state.pages("job", START + 1000) == {0: {"a": 1}}
    assert state.pages("job", START + 8 * 86_400) == {}
