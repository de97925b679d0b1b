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
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "home": ("/pl/", 150),
    "place page": ("/pl/places/300202/", 150),
    "search as you type": ("/pl/places/search/?q=czarn", 150),
    "library list": ("/pl/library/", 300),
    "library search": ("/pl/library/?q=opieka+nad+starszymi", 300),
    "solution card": ("/pl/library/spoldzielnia-przy-wtz/", 150),
}
REPEATS = 60
COUNT = """
import json, sys, django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
out = {}
for name, address in json.loads(sys.argv[1]).items():
    Client().get(address)
    with CaptureQueriesContext(connection) as found:
        assert Client().get(address).status_code == 200, address
    out[name] = len(found)
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
            "KRZEW_DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "krzew.settings",
        }
        environment.pop("DATABASE_URL", None)
        if database:
            environment["DATABASE_URL"] = database
        krzew = [sys.executable, "-m", "krzew"]
        subprocess.run([*krzew, "setup"], env=environment, check=True, capture_output=True)
        addresses = json.dumps({name: address for name, (address, _budget) in PAGES.items()})
        counted = subprocess.run(
            [sys.executable, "-c", COUNT, addresses],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        queries = json.loads(counted.stdout.splitlines()[-1])
        return _serve_and_time(label, krzew, environment, queries)


def _serve_and_time(
    label: str, krzew: list[str], environment: dict[str, str], queries: dict[str, int]
) -> list[dict[str, object]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*krzew, "serve", "--port", str(port), "--no-worker"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        return [_row(label, name, port, *PAGES[name], queries[name]) for name in PAGES]
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


def _row(label: str, name: str, port: int, address: str, budget: int, queries: int) -> dict[str, object]:
    times = []
    for _repeat in range(REPEATS + 5):
        start = time.perf_counter()
        urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30).read()
        times.append((time.perf_counter() - start) * 1000)
    warm = sorted(times[5:])
    p95 = warm[int(len(warm) * 0.95)]
    return {
        "name": f"{name} ({label})",
        "p50_ms": round(median(warm), 1),
        "p95_ms": round(p95, 1),
        "budget_ms": budget,
        "queries": queries,
        "met": p95 < budget and queries <= 30,
    }


if __name__ == "__main__":
    print(json.dumps(measure("postgresql", os.environ["DATABASE_URL"])))
