"""One process of applicants, each in a thread of her own: they save, send, and try again when nobody answers.

    python -m bench.incubator.applicant HOME CLOSES_AT OPEN_SECONDS STOP_AT SEED < applications.json

Every answer of the server is said at once as a line of JSON: what was tried, when, and what the page told.
"""

from __future__ import annotations

import html
import http.client
import json
import os
import random
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

FIELD = re.compile(r'<input type="hidden" name="(\w+)"[^>]*?value="([^"]*)"')
NUMBER = re.compile(r"\b1/(\d{3,})\b")
SECTION = "idea"
THINKS = (0.5, 2.5)
NEAR = 5.0
"""Seconds before her moment at which she opens the last page."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


class Applicant:
    """Somebody with a draft, its link, and a last minute."""

    def __init__(self, home: str, key: int, token: str, answers: dict[str, str], seed: int) -> None:
        self.home, self.key, self.answers = f"{home}/pl/application/{token}/", key, answers
        self.token, self.random, self.count = token, random.Random(seed), 0
        self.cookie = ""
        self.opener = urllib.request.build_opener(NoRedirect)

    def live(self, closes_at: float, seconds: float, stop_at: float) -> None:
        """Saves again and again and presses send some time; one in five a moment too late."""
        late = self.key % 5 == 0
        early = self.random.uniform(0.5, seconds - 5)
        press = closes_at + (self.random.uniform(0.1, 1.5) if late else -early)
        types_late = late and self.key % 2 == 0
        sent = False
        while time.time() < stop_at and not sent:
            time.sleep(self.random.uniform(*THINKS))
            near = time.time() > press - NEAR
            if types_late or not near:
                self.save(press if types_late and near else 0)
            else:
                sent = self.send(press)

    def save(self, not_before: float = 0) -> None:
        """Open a section, change it, keep it; `not_before` keeps the page open over the closing."""
        page = self.look(f"form/{SECTION}/")
        if page is None:
            return
        self.count += 1
        text = f"Próba {self.key}-{self.count}: dwie osoby sprawdzą to w trzydziestu domach."
        hidden = dict(FIELD.findall(page))
        time.sleep(max(not_before - time.time(), 0))
        self.tell("save", self.count, text, f"form/{SECTION}/", self.answers | {"test": text, **hidden})

    def send(self, press: float) -> bool:
        """Read it all once more, press once, or twice as fast as one can; then look whether it has a number."""
        page = self.look("check/")
        if page is None or "/send/" not in page:
            return False
        hidden = dict(FIELD.findall(page))
        time.sleep(max(press - time.time(), 0))
        presses = 2 if self.key % 3 == 0 else 1
        with ThreadPoolExecutor(presses) as pool:
            for one in [pool.submit(self.tell, "send", 0, "", "send/", hidden) for _n in range(presses)]:
                one.result()
        return bool(self.look(""))

    def look(self, path: str) -> str | None:
        """A page; None when nobody answers or it is closed. A number that it shows is said."""
        _begun, status, text, _where = self.ask(path, None)
        if path == "" and (found := NUMBER.search(text)):
            say({"what": "number", "key": self.key, "number": int(found.group(1))})
            return text
        return text if status == 200 and path else None

    def tell(self, what: str, count: int, text: str, path: str, data: dict[str, str]) -> None:
        begun, status, page, where = self.ask(path, urllib.parse.urlencode(data).encode())
        onward = status == 302 and "/form/" in where
        said = {"what": what, "key": self.key, "n": count, "begun": begun, "ended": time.time()}
        shown = html.escape(text) in page or text in html.unescape(page)
        say(said | {"status": status, "saved": onward, "shown": bool(text) and shown})

    def ask(self, path: str, data: bytes | None) -> tuple[float, int, str, str]:
        """When it was asked, the status (0: nobody answered), the page, and where it leads."""
        request = urllib.request.Request(self.home + path, data, {"Cookie": self.cookie})
        begun = time.time()
        try:
            with self.opener.open(request, timeout=30) as answer:
                return self.heard(begun, answer)
        except urllib.error.HTTPError as error:
            return self.heard(begun, error)
        except (OSError, http.client.HTTPException):
            time.sleep(0.3)
            return begun, 0, "", ""

    def heard(self, begun: float, answer: Any) -> tuple[float, int, str, str]:
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            if cookie.startswith("csrftoken="):
                self.cookie = cookie.partition(";")[0]
        return begun, answer.status, answer.read().decode(), answer.headers.get("Location") or ""


def say(line: dict[str, Any]) -> None:
    """One write for a whole line, so that threads do not cut into each other."""
    os.write(1, f"{json.dumps(line)}\n".encode())


def main(home: str, closes_at: float, seconds: float, stop_at: float, seed: int) -> None:
    rows = json.load(sys.stdin)
    people = [Applicant(home, key, token, answers, seed + n) for n, (key, token, answers) in enumerate(rows)]
    with ThreadPoolExecutor(len(people)) as pool:
        for one in [pool.submit(person.live, closes_at, seconds, stop_at) for person in people]:
            one.result()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
