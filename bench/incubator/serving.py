"""An installation in a folder of its own, its server, and pages timed from a second process."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCES = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server of {url} did not start")


@contextmanager
def running(command: list[str], environment: dict[str, str], url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers, stopped at the end."""
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(url, server)
        yield server
    finally:
        server.terminate()
        server.wait()


@dataclass(frozen=True)
class Installation:
    """Krzew in a folder of its own, on SQLite or on the database of this address."""

    folder: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        given = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "KRZEW_ENV")}
        own = {
            "KRZEW_VAR": str(self.folder),
            "KRZEW_DEMO": "1",  # no second factor for the people who are signed in here
            "DJANGO_SETTINGS_MODULE": "krzew.settings",
            "PYTHONPATH": SOURCES,
        }
        return given | own | ({"DATABASE_URL": self.database} if self.database else {})

    def krzew(self, *words: str) -> None:
        self._run("krzew", words)

    def script(self, module: str, *words: str) -> Any:
        """What a script with the models at hand prints in its last line."""
        return json.loads(self._run(module, words).splitlines()[-1])

    def _run(self, module: str, words: tuple[str, ...]) -> str:
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{module} {words[:1]}: {done.stderr[-2000:]}")
        return done.stdout

    def serve_command(self, port: int) -> list[str]:
        return [sys.executable, "-m", "krzew", "serve", "--port", str(port), "--no-worker"]

    @contextmanager
    def served(self) -> Iterator[str]:
        """The address of a running server."""
        port = free_port()
        home = f"http://127.0.0.1:{port}"
        with running(self.serve_command(port), self.environment, f"{home}/healthz"):
            yield home


@contextmanager
def installation(database: str = "") -> Iterator[Installation]:
    """Set up with the demonstration, and removed after the measurement."""
    with tempfile.TemporaryDirectory(prefix="krzew-bench-") as folder:
        own = Installation(Path(folder), database)
        own.krzew("setup", "--demo")
        yield own


def has_postgres() -> bool:
    return bool(shutil.which("bash")) and bool(list(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))


def on_postgres(module: str) -> list[dict[str, Any]]:
    """The rows that a module measures when it is run with a PostgreSQL of its own."""
    command = [str(ROOT / "tools" / "with_postgres"), sys.executable, "-m", module]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def timed(url: str, cookie: str, repeats: int, warm: int = 5) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, after some visits that do not count."""
    times = []
    for _visit in range(repeats + warm):
        start = time.perf_counter()
        urllib.request.urlopen(urllib.request.Request(url, headers={"Cookie": cookie})).read()
        times.append((time.perf_counter() - start) * 1000)
    found = sorted(times[warm:])
    return {"p50_ms": round(median(found), 1), "p95_ms": round(found[int(len(found) * 0.95)], 1)}


class Visitor:
    """A browser without a screen: keeps cookies, sends forms with their token."""

    def __init__(self, home: str, cookie: str = "") -> None:
        self.home, self.cookie = home, cookie
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        return self._open(path, None)

    def post(self, path: str, page: str, **fields: str) -> str:
        """Send a form found on `page`."""
        found = TOKEN.search(page)
        data = fields | ({"csrfmiddlewaretoken": found.group(1)} if found else {})
        return self._open(path, urllib.parse.urlencode(data).encode())

    def _open(self, path: str, data: bytes | None) -> str:
        request = urllib.request.Request(self.home + path, data)
        if self.cookie:
            more = "; ".join(f"{c.name}={c.value}" for c in self.jar if c.name != "sessionid")
            request.add_unredirected_header("Cookie", "; ".join(x for x in (self.cookie, more) if x))
        with self.opener.open(request, timeout=120) as answer:
            text: str = answer.read().decode()
            return text
