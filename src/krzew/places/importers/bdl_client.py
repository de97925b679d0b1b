"""A polite client for the Local Data Bank (BDL) of Statistics Poland (GUS).

It keeps the published limits over restarts, obeys Retry-After, tries again with growing pauses, and believes
an answer only when it has the documented shape.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NoReturn, Self

import httpx
from django.conf import settings
from django.utils.translation import gettext

from krzew.places.importers.bdl_state import ANONYMOUS, REGISTERED, BdlState
from krzew.places.importers.problems import Progress, refuse, silent
from krzew.places.importers.reading import MEGABYTE

BASE_URL = "https://bdl.stat.gov.pl/api/v1"
PAGE_SIZE = 100
TRIES = 5
PATIENCE = 1_000.0  # seconds worth waiting in place: a little over the fifteen-minute window
MAX_ANSWER = 20 * MEGABYTE
MAX_PAGES = 1_000


class Temporary(Exception):
    """Worth another try; `wait` is what the service asked for, if it did."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True)
class Page:
    number: int
    size: int
    total: int
    updated: str
    results: list[dict[str, Any]]
    next: int | None

    @property
    def edition(self) -> tuple[int, int, str]:
        """What must stay the same over all pages of one reading."""
        return self.total, self.size, self.updated


@dataclass
class BdlClient:
    """`clock` and `sleep` are given so that waiting can be tested without waiting."""

    state: BdlState
    base_url: str = BASE_URL
    client_id: str = ""
    transport: httpx.BaseTransport | None = None
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    patience: float = PATIENCE
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        headers = {"Accept": "application/json", "User-Agent": "Krzew (open-source, places importer)"}
        if self.client_id:
            headers["X-ClientId"] = self.client_id
        timeout = httpx.Timeout(60, connect=15)
        self.http = httpx.Client(headers=headers, timeout=timeout, transport=self.transport)

    @classmethod
    def from_settings(cls, transport: httpx.BaseTransport | None = None) -> Self:
        """Address from settings.KRZEW_BDL_URL, client id from the environment (BDL_CLIENT_ID)."""
        client_id = os.environ.get("BDL_CLIENT_ID", "")
        path = Path(settings.KRZEW_VAR) / "bdl.sqlite3"
        state = BdlState(path, REGISTERED if client_id else ANONYMOUS)
        return cls(state, getattr(settings, "KRZEW_BDL_URL", BASE_URL), client_id, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.close()
        self.state.close()

    # --- one answer ----------------------------------------------------------------------------

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """One JSON object, after as many polite tries as it takes."""
        for attempt in range(1, TRIES + 1):
            self._take_turn()
            try:
                return self._ask(path, params)
            except Temporary as error:
                if attempt == TRIES:
                    self._give_up(path, error)
                self._wait(2.0**attempt if error.wait is None else error.wait)
        raise AssertionError("unreachable")

    def _take_turn(self) -> None:
        while (wait := self.state.reserve(self.clock())) > 0:
            self._wait(wait)

    def _wait(self, seconds: float) -> None:
        if seconds > self.patience:
            when = datetime.fromtimestamp(self.clock() + seconds, UTC).astimezone()
            refuse(
                gettext(
                    "The limit of calls to BDL is used up until %(when)s. Run the same command after that"
                    " time: it goes on from the page it has reached."
                )
                % {"when": when.strftime("%Y-%m-%d %H:%M")}
            )
        self.sleep(seconds)

    def _give_up(self, path: str, error: Temporary) -> NoReturn:
        refuse(
            gettext("BDL did not give a usable answer for %(path)s in %(n)d tries. The last one: %(why)s")
            % {"path": path, "n": TRIES, "why": error}
        )

    def _ask(self, path: str, params: dict[str, Any]) -> dict[str, Any]:
        query = {"format": "json", "lang": "pl", **params}
        try:
            with self.http.stream("GET", self.base_url + path, params=query) as response:
                body = _limited(response)
        except httpx.HTTPError as error:
            raise Temporary(f"{type(error).__name__}: {error}") from error
        self._check_status(response, path, body)
        return _json_object(body)

    def _check_status(self, response: httpx.Response, path: str, body: bytes) -> None:
        status = response.status_code
        if status == 429:
            wait = retry_after(response.headers.get("Retry-After"), self.clock())
            if wait:
                self.state.pause(self.clock() + wait)
            raise Temporary(gettext("too many calls (429)"), wait)
        if status >= 500:
            raise Temporary(gettext("error %(status)d of the service") % {"status": status})
        if status != 200:
            refuse(
                gettext("BDL refused %(path)s (status %(status)d): %(why)s")
                % {"path": path, "status": status, "why": _excerpt(body)}
            )

    # --- lists ---------------------------------------------------------------------------------

    def pages(
        self, job: str, path: str, progress: Progress = silent, label: str = "", **params: Any
    ) -> list[Page]:
        """All pages of a list; those received before an interruption are not asked for again."""
        kept = self.state.pages(job, self.clock())
        pages: list[Page] = []
        number: int | None = 0
        while number is not None:
            page = self._page(job, path, number, kept, params)
            if pages and page.edition != pages[0].edition:
                self._changed(job)
            pages.append(page)
            progress(len(pages), max(1, -(-page.total // max(page.size, 1))), label)
            number = page.next
        if sum(len(page.results) for page in pages) != pages[0].total:
            self._changed(job)
        return pages

    def _page(self, job: str, path: str, number: int, kept: dict[int, Any], params: dict[str, Any]) -> Page:
        if number in kept:
            return read_page(kept[number], number)
        answer = self.get(path, page=number, **{"page-size": PAGE_SIZE}, **params)
        page = read_page(answer, number)
        self.state.keep(job, number, answer, self.clock())
        return page

    def _changed(self, job: str) -> NoReturn:
        self.state.forget(job)
        refuse(
            gettext(
                "The answer of BDL changed while it was being read (number of rows, page size or date of"
                " update). Nothing was written; run the command again to read it from the start."
            )
        )


def retry_after(header: str | None, now: float) -> float | None:
    """Seconds to wait: the header holds seconds or an HTTP date; None when it says nothing usable."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - now)


def read_page(answer: dict[str, Any], number: int) -> Page:
    """Check the envelope {totalRecords, page, pageSize, links, results} and where the next page is."""
    try:
        page = Page(
            number=int(answer["page"]),
            size=int(answer["pageSize"]),
            total=int(answer["totalRecords"]),
            updated=str(answer.get("lastUpdate", "")),
            results=_objects(answer["results"]),
            next=_next_page(answer.get("links") or {}),
        )
    except (KeyError, TypeError, ValueError, AttributeError, httpx.InvalidURL) as error:
        message = gettext("The answer of BDL does not have the expected shape (%(why)s).")
        refuse(message % {"why": repr(error)})
    if page.number != number or page.next not in (None, number + 1) or number >= MAX_PAGES:
        refuse(
            gettext("The pages of BDL are out of order: asked for %(asked)d, got %(got)d, next %(next)s.")
            % {"asked": number, "got": page.number, "next": page.next}
        )
    return page


def _objects(results: Any) -> list[dict[str, Any]]:
    if not isinstance(results, list) or not all(isinstance(row, dict) for row in results):
        raise TypeError("results")
    return results


def _next_page(links: dict[str, str]) -> int | None:
    """Only the page number is taken from the link: the address asked is always our own."""
    link = links.get("next")
    return int(httpx.URL(link).params["page"]) if link else None


def _limited(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            refuse(gettext("The answer of BDL is larger than %(n)d MB.") % {"n": MAX_ANSWER // MEGABYTE})
        parts.append(part)
    return b"".join(parts)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        if body.lstrip()[:1] == b"<":
            message = gettext("a web page instead of data: %(text)s") % {"text": _excerpt(body)}
            raise Temporary(message) from error
        raise Temporary(gettext("the answer is cut off or damaged (%(why)s)") % {"why": error}) from error
    if not isinstance(answer, dict):
        refuse(gettext("The answer of BDL is not an object: a recorded sample perhaps, not the service."))
    return answer


def _excerpt(body: bytes) -> str:
    """The first words of an error page, without markup."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", body[:4000].decode("utf-8", "replace"), flags=re.S)
    return " ".join(text.split())[:160]
