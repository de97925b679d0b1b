"""What must survive a restart of a synchronisation: calls made (for the published limits) and pages received.

One small SQLite file in KRZEW_VAR, apart from the product's database: calls are counted even when a load is
rolled back, and two processes that run at once share one allowance.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# (seconds, calls) as published by GUS, without and with a client id.
ANONYMOUS = ((1, 5), (900, 100), (43_200, 1_000), (604_800, 10_000))
REGISTERED = ((1, 10), (900, 500), (43_200, 5_000), (604_800, 50_000))
WEEK = 604_800

SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS calls_at ON calls (at);
CREATE TABLE IF NOT EXISTS pages (job TEXT, number INTEGER, at REAL, body TEXT, PRIMARY KEY (job, number));
CREATE TABLE IF NOT EXISTS pause (one INTEGER PRIMARY KEY CHECK (one = 1), until REAL NOT NULL);
"""


class BdlState:
    """Calls made and pages kept; `limits` are rolling windows of (seconds, calls)."""

    def __init__(self, path: Path | str, limits: tuple[tuple[int, int], ...] = ANONYMOUS) -> None:
        self.limits = limits
        self._db = sqlite3.connect(path, timeout=20, isolation_level=None)
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _locked(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        finally:
            self._db.execute("COMMIT")

    # --- limits --------------------------------------------------------------------------------

    def reserve(self, now: float) -> float:
        """Count one call and return 0.0, or the seconds to wait before asking again."""
        with self._locked() as db:
            db.execute("DELETE FROM calls WHERE at < ?", (now - WEEK,))
            wait = max((self._window(db, now, *limit) for limit in self.limits), default=0.0)
            wait = max(wait, self._paused(db) - now, 0.0)
            if wait == 0.0:
                db.execute("INSERT INTO calls VALUES (?)", (now,))
            return wait

    @staticmethod
    def _window(db: sqlite3.Connection, now: float, seconds: int, calls: int) -> float:
        """Seconds until the window of this length has room for one more call."""
        sql = "SELECT at FROM calls WHERE at > ? ORDER BY at DESC LIMIT 1 OFFSET ?"
        row = db.execute(sql, (now - seconds, calls - 1)).fetchone()
        return row[0] + seconds - now if row else 0.0

    @staticmethod
    def _paused(db: sqlite3.Connection) -> float:
        row = db.execute("SELECT until FROM pause").fetchone()
        return row[0] if row else 0.0

    def pause(self, until: float) -> None:
        """The service asked for silence until this moment."""
        self._db.execute("INSERT OR REPLACE INTO pause VALUES (1, ?)", (until,))

    # --- pages ---------------------------------------------------------------------------------

    def pages(self, job: str, now: float) -> dict[int, Any]:
        """Pages of an interrupted job, forgotten after a week, since the data may have changed."""
        self._db.execute("DELETE FROM pages WHERE at < ?", (now - WEEK,))
        rows = self._db.execute("SELECT number, body FROM pages WHERE job = ? ORDER BY number", (job,))
        return {number: json.loads(body) for number, body in rows}

    def keep(self, job: str, number: int, body: Any, now: float) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?)", (job, number, now, json.dumps(body))
        )

    def forget(self, job: str) -> None:
        self._db.execute("DELETE FROM pages WHERE job = ?", (job,))
