"""Pages from a second process, with the full data: p95 in milliseconds and queries per page, on both databases."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "home": ("/pl/", 150),
    "place page": ("/pl/places/300202/", 150),
    "search as you type": ("/pl/places/search/?q=czarn", 150),
    "library list": ("/pl/library/", 300),
    "library search": ("/pl/library/?q=opieka+nad+starszymi", 300),
    "solution card": ("/pl/library/spoldzielnia-przy-wtz/", 150),
    "needs of a diagnosis": ("/pl/diagnoses/{diagnosis}/needs/", 200),
    "solutions of a diagnosis": ("/pl/diagnoses/{diagnosis}/solutions/", 200),
}
REPEATS = 60
COUNT = """
import json, sys, django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from krzew.accounts.models import User
from krzew.diagnosis.models import Diagnosis
adviser = Client(HTTP_HOST="127.0.0.1")
adviser.force_login(
    User.objects.get(email="ada@demo.example"), "allauth.account.auth_backends.AuthenticationBackend"
)
diagnosis = Diagnosis.objects.get(place="300202").pk
out = {"cookie": f"{settings.SESSION_COOKIE_NAME}={adviser.session.session_key}", "addresses": {}, "queries": {}}
for name, address in json.loads(sys.argv[1]).items():
    address = address.format(diagnosis=diagnosis)
    adviser.get(address)
    with CaptureQueriesContext(connection) as found:
        assert adviser.get(address).status_code == 200, address
    out["addresses"][name], out["queries"][name] = address, len(found)
print(json.dumps(out))
"""


def run() -> list[dict[str, object]]:
    rows = measure("sqlite")
    if shutil.which("bash") and list(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")):
        command = [str(ROOT / "tools" / "with_postgres"), sys.executable, "-m", "bench.web_pages"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        rows += json.loads(done.stdout.splitlines()[-1])
    return rows


def measure(label: str, database: str | None = None) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory(prefix="krzew-bench-") as folder:
        environment = {
            **os.environ,
            "KRZEW_VAR": folder,
            "KRZEW_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "krzew.settings",
        }
        environment.pop("DATABASE_URL", None)
        if database:
            environment["DATABASE_URL"] = database
        krzew = [sys.executable, "-m", "krzew"]
        subprocess.run([*krzew, "setup", "--demo"], env=environment, check=True, capture_output=True)
        addresses = json.dumps({name: address for name, (address, _budget) in PAGES.items()})
        counted = subprocess.run(
            [sys.executable, "-c", COUNT, addresses],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return _serve_and_time(label, krzew, environment, json.loads(counted.stdout.splitlines()[-1]))


def _serve_and_time(
    label: str, krzew: list[str], environment: dict[str, str], found: dict[str, Any]
) -> list[dict[str, object]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*krzew, "serve", "--port", str(port), "--no-worker"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        pages = [
            Page(name, f"http://127.0.0.1:{port}{found['addresses'][name]}", budget, found["queries"][name])
            for name, (_address, budget) in PAGES.items()
        ]
        return [_row(label, page, found["cookie"]) for page in pages]
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _attempt in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


@dataclass(frozen=True)
class Page:
    """A page to be timed, with its budget in milliseconds and its number of queries."""

    name: str
    address: str
    budget: int
    queries: int


def _row(label: str, page: Page, cookie: str) -> dict[str, object]:
    times = []
    for _repeat in range(REPEATS + 5):
        start = time.perf_counter()
        urllib.request.urlopen(urllib.request.Request(page.address, headers={"Cookie": cookie})).read()
        times.append((time.perf_counter() - start) * 1000)
    warm = sorted(times[5:])
    p95 = warm[int(len(warm) * 0.95)]
    return {
        "name": f"{page.name} ({label})",
        "p50_ms": round(median(warm), 1),
        "p95_ms": round(p95, 1),
        "budget_ms": page.budget,
        "queries": page.queries,
        "met": p95 < page.budget and page.queries <= 30,
    }


if __name__ == "__main__":
    print(json.dumps(measure("postgresql", os.environ["DATABASE_URL"])))
