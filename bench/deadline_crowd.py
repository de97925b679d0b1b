"""The last minutes of a call over HTTP: 100 applicants in 4 processes, the server killed with -9 in the middle.

Everybody saves again and again and presses send some time, a third of them twice at once; some keep the page open
over the closing. Counted in the end, on both databases: acknowledged saves and submissions that are lost, submissions that are
doubled, gaps in the numbers, what the clock let in too late or kept out too early, and late words that were not
shown to their author again. Every one of these has to be 0.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench.incubator.serving import (
    Installation,
    free_port,
    has_postgres,
    installation,
    on_postgres,
    wait_for,
)

Row = dict[str, Any]
APPLICANTS, PROCESSES = 100, 4
OPEN_SECONDS, KILLED_AFTER, LATE_SECONDS = 75.0, 20.0, 4.0
FAULTS = (
    "saves_lost",
    "submissions_lost",
    "doubled",
    "gaps_in_numbers",
    "accepted_late",
    "refused_early",
    "late_words_not_shown",
    "errors",
)


def run() -> list[Row]:
    rows = measure("sqlite")
    return rows + on_postgres("bench.deadline_crowd") if has_postgres() else rows


def measure(label: str, database: str = "") -> list[Row]:
    with installation(database) as own:
        rows = own.script("bench.incubator.deadline", "prepare", str(APPLICANTS))
        told, closes_at, back = _crowd(own, rows)
        kept = own.script("bench.incubator.deadline", "kept")
    return [_row(label, told, kept, closes_at, back)]


def _row(label: str, told: list[Row], kept: Row, closes_at: float, back: float) -> Row:
    found = faults(told, kept, closes_at)
    saved = [word for word in told if word["what"] == "save" and word["saved"]]
    waited = sorted(word["ended"] - word["begun"] for word in told if word.get("status"))
    return {
        "name": f"deadline: nothing acknowledged is lost, doubled or late ({label})",
        "size": f"{APPLICANTS} applicants, {PROCESSES} processes",
        "saves_acknowledged": len(saved),
        "submissions": kept["last_number"],
        "saves_refused": sum(
            word["what"] == "save" and word["status"] > 0 and not word["saved"] for word in told
        ),
        "presses_after_the_closing": sum(
            word["what"] == "send" and word["begun"] > closes_at for word in told
        ),
        "unanswered": sum(word.get("status") == 0 for word in told),
        "answer_p50_s": round(median(waited), 3),
        "answer_p95_s": round(waited[int(len(waited) * 0.95)], 3),
        "server_back_after_s": round(back, 1),
        **found,
        "load": round(os.getloadavg()[0], 1),
        "required": "0 faults",
        "met": not any(found.values()) and kept["last_number"] > 0,
    }


def _crowd(own: Installation, rows: list[Any]) -> tuple[list[Row], float, float]:
    """What everybody was told, when the call closed, and how long the server was away."""
    port = free_port()
    with server(own, port) as home:
        closes_at = float(int(time.time() + OPEN_SECONDS))  # a whole second, as an announcement says it
        own.script("bench.incubator.deadline", "close", str(closes_at))
        people = _applicants(own, home, rows, closes_at)
        time.sleep(max(closes_at - OPEN_SECONDS + KILLED_AFTER - time.time(), 1))
        back = home.killed_and_started()
        told = [line for one in people for line in one.communicate()[0].splitlines()]
    return [json.loads(line) for line in told], closes_at, back


class Home(str):
    """The address of a server that can be killed and started again at the same port."""

    process: subprocess.Popen[bytes]
    command: list[str]
    environment: dict[str, str]

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, env=self.environment, stdout=quiet, stderr=quiet)
        wait_for(f"{self}/healthz", self.process)

    def killed_and_started(self) -> float:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        begun = time.monotonic()
        self.start()
        return time.monotonic() - begun


@contextmanager
def server(own: Installation, port: int) -> Iterator[Home]:
    home = Home(f"http://127.0.0.1:{port}")
    home.command, home.environment = own.serve_command(port), own.environment
    home.start()
    try:
        yield home
    finally:
        home.process.terminate()
        home.process.wait()


def _applicants(
    own: Installation, home: str, rows: list[Any], closes_at: float
) -> list[subprocess.Popen[str]]:
    found = []
    for n in range(PROCESSES):
        words = [home, str(closes_at), str(OPEN_SECONDS), str(closes_at + LATE_SECONDS), str(1000 * n)]
        command = [sys.executable, "-m", "bench.incubator.applicant", *words]
        one = subprocess.Popen(
            command, env=own.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert one.stdin is not None
        one.stdin.write(json.dumps(rows[n::PROCESSES]))
        one.stdin.close()
        one.stdin = None
        found.append(one)
    return found


# --- what went wrong --------------------------------------------------------------------------------


def faults(told: list[Row], kept: Row, closes_at: float) -> dict[str, int]:
    rows = {int(key): row for key, row in kept["applications"].items()}
    sent = {key: row for key, row in rows.items() if row["number"] is not None}
    by_key: dict[int, list[Row]] = defaultdict(list)
    for word in told:
        by_key[word["key"]].append(word)
    heard = [word for word in told if word["what"] == "number"]
    late = [w for w in told if w["what"] == "save" and w["begun"] > closes_at and w["status"]]
    refused = [w for w in told if w["what"] == "save" and w["status"] and not w["saved"]]
    numbers = sorted(row["number"] for row in sent.values())
    return {
        "saves_lost": sum(_lost(by_key[key], row) for key, row in rows.items()),
        "submissions_lost": sum(rows[word["key"]]["number"] != word["number"] for word in heard),
        "doubled": _doubled(sent, kept),
        "gaps_in_numbers": sum(n != k for n, k in zip(numbers, range(1, len(numbers) + 1), strict=True))
        + abs(kept["last_number"] - len(numbers)),
        "accepted_late": sum(row["sent_at"] >= closes_at for row in sent.values())
        + sum(word["saved"] for word in late)
        + sum(_sent_late(by_key[key], row, closes_at) for key, row in sent.items()),
        "refused_early": sum(_kept_out(words, rows[key], closes_at) for key, words in by_key.items()),
        "late_words_not_shown": sum(not word["shown"] for word in refused),
        "errors": sum(word.get("status", 0) >= 500 for word in told),
    }


def _lost(words: list[Row], row: Row) -> int:
    """Whether what is kept is older than the last save that was acknowledged."""
    acknowledged = max((w["n"] for w in words if w["what"] == "save" and w["saved"]), default=0)
    texts = [row["text"], *row["versions"]]
    return sum(_count_of(text) < acknowledged for text in texts)


def _count_of(text: str) -> int:
    """`Próba 17-4: …` was the fourth one; the first draft counts as none."""
    head = text.partition(":")[0]
    return int(head.rpartition("-")[2]) if head.startswith("Próba") else 0


def _doubled(sent: Mapping[int, Row], kept: Row) -> int:
    """Numbers, versions, events and letters that are not exactly one for each sent application."""
    keys = sorted(sent)
    once = [len(row["versions"]) != 1 for row in sent.values()]
    twins = len(sent) - len({row["number"] for row in sent.values()})
    return sum(once) + twins + (kept["events"] != keys) + (kept["letters"] != keys)


def _sent_late(words: list[Row], row: Row, closes_at: float) -> bool:
    """Sent although every press came after the closing."""
    presses = [w["begun"] for w in words if w["what"] == "send"]
    return bool(presses) and min(presses) > closes_at


def _kept_out(words: list[Row], row: Row, closes_at: float) -> bool:
    """A press that was answered before the closing, and yet it was not sent."""
    early = [w for w in words if w["what"] == "send" and w["status"] and w["ended"] < closes_at]
    return bool(early) and row["number"] is None and all(w["status"] != 409 for w in early)


if __name__ == "__main__":
    print(
        json.dumps(
            measure("postgresql", os.environ["DATABASE_URL"]) if "DATABASE_URL" in os.environ else run()
        )
    )
