"""The last seconds of a call: many processes save and send, one is killed, the clock of the server decides."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """SQLite: a file of an installation (nothing to say). PostgreSQL: a database of its own."""
    if connection.vendor == "sqlite":
        yield {}
        return
    name = f"crowd_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield {"DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def crowd(folder: Path, more: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "KRZEW_ENV", "KRZEW_DEMO")},
        "KRZEW_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "krzew.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        **more,
    }
    script = Path(__file__).with_name("applications_crowd.py")
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told, kept = done.stdout.splitlines()[-2:]
    return json.loads(told), json.loads(kept)


@pytest.mark.django_db(transaction=True)
def test_nothing_acknowledged_is_lost_doubled_or_late(tmp_path: Path) -> None:
    with own_database() as more:
        told, kept = crowd(tmp_path, more)
    rows = {int(key): row for key, row in kept["applications"].items()}
    sent = {key: row for key, row in rows.items() if row["state"] == "submitted"}
    check_numbers(told, kept, sent)
    check_saves(told, rows)
    check_clock(told, sent)


def check_numbers(told: dict[str, Any], kept: dict[str, Any], sent: dict[int, Any]) -> None:
    """Numbers without gaps or twins; each sent once, with one version, one event and one letter."""
    assert sorted(row["number"] for row in sent.values()) == list(range(1, kept["last_number"] + 1))
    assert sorted(kept["events"]) == sorted(kept["letters"]) == sorted(sent)
    assert all(len(row["versions"]) == 1 for row in sent.values())
    heard = [(word["key"], word["number"]) for word in told["said"] if word["what"] == "submit"]
    assert heard
    assert max(Counter(key for key, _number in heard).values()) == 1
    assert all(sent[key]["number"] == number for key, number in heard)


def check_saves(told: dict[str, Any], rows: dict[int, Any]) -> None:
    """Each acknowledged save is one revision; the last of them is what is kept, and what was sent."""
    heard: dict[int, dict[int, str]] = defaultdict(dict)
    for word in told["said"]:
        if word["what"] == "save":
            assert word["revision"] not in heard[word["key"]], (
                "two were told that they saved the same revision"
            )
            heard[word["key"]][word["revision"]] = word["text"]
    assert heard
    for key, saved in heard.items():
        row = rows[key]
        if key not in told["killed"]:  # a killed worker may have kept more than it could say
            assert row["revision"] == 1 + len(saved) == max(saved)
        if row["revision"] in saved:
            assert row["text"] == saved[row["revision"]]
        assert row["versions"] in ([], [row["text"]])


def check_clock(told: dict[str, Any], sent: dict[int, Any]) -> None:
    closes_at = datetime.fromisoformat(told["closes_at"])
    times = [datetime.fromisoformat(row["submitted_at"]) for row in sent.values()]
    assert max(times) < closes_at
    by_number = sorted(sent.values(), key=lambda row: row["number"])
    assert [row["submitted_at"] for row in by_number] == sorted(row["submitted_at"] for row in by_number)
    refused = {word["what"] for word in told["said"] if word.get("why") == "ValidationError"}
    assert "save refused" in refused  # the call did close under them
