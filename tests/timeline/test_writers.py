"""Many writers at once: the chain gets no gap and no fork, on either database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from krzew.timeline.models import Event
from krzew.timeline.queries import broken_links
from tests.timeline.writers import EACH, THREADS, write_all

ALL = THREADS * EACH


@pytest.mark.django_db(transaction=True)
def test_threads_write_one_chain(tmp_path: Path) -> None:
    """PostgreSQL: threads on the test database. SQLite: a file with the settings of an installation.

    The SQLite database of the tests lives in memory, where threads do not meet as they do in a file.
    """
    if connection.vendor == "sqlite":
        assert f"Events: {ALL}." in run_apart(tmp_path)
        return
    write_all()
    numbers = list(Event.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= ALL
    assert list(broken_links()) == []


def run_apart(folder: Path) -> str:
    root = Path(__file__).resolve().parents[2]
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "KRZEW_ENV", "KRZEW_DEMO")},
        "KRZEW_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "krzew.settings",
        "PYTHONPATH": f"{root / 'src'}:{root}",
    }
    script = Path(__file__).with_name("writers.py")
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
